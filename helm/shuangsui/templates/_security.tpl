{{/* What a pod may do: nothing that it does not need. */}}

{{/* Of the user's number; its group owns the volumes. */}}
{{- define "shuangsui.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "shuangsui.containerSecurity" -}}
runAsNonRoot: true
privileged: false
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{/* Of the root: what every pod's specification begins with. */}}
{{- define "shuangsui.podBase" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .Values.placement.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.placement.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Of (root, component): replicas apart from each other. */}}
{{- define "shuangsui.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{ include "shuangsui.selector" . | nindent 8 }}
{{- end }}

{{/* Of the root. A ReadWriteOnce volume is one node's: whoever mounts it goes where the others are. */}}
{{- define "shuangsui.besideVolume" -}}
{{- if eq .Values.volume.accessMode "ReadWriteOnce" }}
affinity:
  podAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels: {{ include "shuangsui.volumeLabel" . | nindent 12 }}
{{- end }}
{{- end }}

{{- define "shuangsui.volumeLabel" -}}
shuangsui/volume: {{ include "shuangsui.claim" . }}
{{- end }}
