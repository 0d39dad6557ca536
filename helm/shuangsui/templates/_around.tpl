{{/* What stands beside a Deployment; each of (root, component). */}}

{{/* One at a time, so that a drained node never waits for a single replica and never takes two. */}}
{{- define "shuangsui.disruption" -}}
{{- $root := index . 0 }}{{ $component := index . 1 -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "shuangsui.name" $root }}-{{ $component }}
  labels: {{ include "shuangsui.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels: {{ include "shuangsui.selector" . | nindent 6 }}
{{- end }}

{{- define "shuangsui.scaling" -}}
{{- $root := index . 0 }}{{ $component := index . 1 }}{{ $of := get $root.Values $component -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "shuangsui.name" $root }}-{{ $component }}
  labels: {{ include "shuangsui.labels" . | nindent 4 }}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: {{ include "shuangsui.name" $root }}-{{ $component }}}
  minReplicas: {{ $of.autoscaling.min }}
  maxReplicas: {{ $of.autoscaling.max }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: {type: Utilization, averageUtilization: {{ $of.autoscaling.cpu }}}
{{- end }}

{{/* Of (root, port): how a pod that has /metrics tells Prometheus, if by annotations. */}}
{{- define "shuangsui.scraped" -}}
{{- if eq (index . 0).Values.monitoring.scrape "annotations" }}
annotations:
  prometheus.io/scrape: "true"
  prometheus.io/port: {{ index . 1 | quote }}
  prometheus.io/path: /metrics
{{- end }}
{{- end }}
