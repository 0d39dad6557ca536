{{/* What every process of the platform is given: settings, secrets, folders. */}}

{{/* Of (root, role): the URL of the database as one of its roles. */}}
{{- define "shuangsui.url" -}}
{{- $root := index . 0 }}{{ $role := index . 1 }}{{ $variable := index . 2 -}}
{{- $database := $root.Values.database }}
{{- if eq $database.mode "bundled" }}
{{- $named := dict "migration" "owner" "app" "app" "worker" "worker" "backup" "backup" }}
{{- $user := get $named $role }}
- name: {{ upper $user }}_PASSWORD
  valueFrom:
    secretKeyRef: {name: {{ $database.bundled.passwords }}, key: {{ $user }}}
- name: {{ $variable }}
  value: postgresql://shuangsui_{{ $user }}:$({{ upper $user }}_PASSWORD)@{{ include "shuangsui.name" $root }}-postgres:5432/shuangsui
{{- else }}
{{- $ref := get $database.urls $role }}
{{- if not $ref.secret }}{{ $ref = $database.urls.app }}{{ end }}
- name: {{ $variable }}
  valueFrom:
    secretKeyRef: {name: {{ $ref.secret }}, key: {{ $ref.key }}}
{{- end }}
{{- end }}

{{/* Of (root, role): the environment of a process that works as that role. */}}
{{- define "shuangsui.environment" -}}
{{- $root := index . 0 }}{{ $values := $root.Values -}}
- name: SHUANGSUI_VAR
  value: /var/lib/shuangsui
- name: SHUANGSUI_KEY_FILE
  value: /run/shuangsui/master.key
- name: SHUANGSUI_TENANTS
  value: {{ ternary "/opt/shuangsui/tenants" "/etc/shuangsui/tenants" (eq $values.tenants.source "image") }}
{{- include "shuangsui.url" (list $root (index . 1) "SHUANGSUI_DATABASE_URL") }}
{{- if eq $values.broker.mode "external" }}
- name: SHUANGSUI_BROKER_URL
  valueFrom:
    secretKeyRef: {name: {{ $values.broker.url.secret }}, key: {{ $values.broker.url.key }}}
{{- else if eq $values.broker.mode "bundled" }}
- name: BROKER_PASSWORD
  valueFrom:
    secretKeyRef: {name: {{ $values.broker.bundled.password.secret }}, key: {{ $values.broker.bundled.password.key }}}
- name: SHUANGSUI_BROKER_URL
  value: amqp://shuangsui:$(BROKER_PASSWORD)@{{ include "shuangsui.name" $root }}-rabbitmq:5672/shuangsui
{{- end }}
{{- if ne $values.store.mode "none" }}
- name: SHUANGSUI_PORTAL_ACCESS_KEY
  valueFrom:
    secretKeyRef: {name: {{ $values.store.accessKey.secret }}, key: {{ $values.store.accessKey.key }}}
- name: SHUANGSUI_PORTAL_SECRET_KEY
  valueFrom:
    secretKeyRef: {name: {{ $values.store.secretKey.secret }}, key: {{ $values.store.secretKey.key }}}
{{- end }}
{{- with $values.ingress.trustedProxies }}
- name: SHUANGSUI_TRUSTED_PROXIES
  value: {{ join "," . | quote }}
{{- end }}
{{- with $values.monitoring.token }}
{{- if .secret }}
- name: SHUANGSUI_METRICS_TOKEN
  valueFrom:
    secretKeyRef: {name: {{ .secret }}, key: {{ .key }}}
{{- end }}
{{- end }}
{{- with $values.monitoring.tracesTo }}
- name: SHUANGSUI_OTLP_ENDPOINT
  value: {{ . | quote }}
{{- end }}
{{- with $values.plugins.allowed }}
- name: SHUANGSUI_PLUGINS
  value: {{ join "," . | quote }}
{{- end }}
{{- with $values.plugins.denied }}
- name: SHUANGSUI_PLUGINS_DENIED
  value: {{ join "," . | quote }}
{{- end }}
- name: SHUANGSUI_TRACE_PLUGINS
  value: {{ $values.settings.tracePlugins | quote }}
- name: SHUANGSUI_EVIDENCE_MAX_BYTES
  value: {{ $values.settings.evidenceMaxBytes | int64 | quote }}
- name: SHUANGSUI_EVIDENCE_TYPES
  value: {{ join "," $values.settings.evidenceTypes | quote }}
{{- range $values.plugins.secrets }}
- name: {{ .name }}
  valueFrom:
    secretKeyRef: {name: {{ .secret }}, key: {{ .key }}}
{{- end }}
{{- end }}

{{/* Of the root. */}}
{{- define "shuangsui.volumes" -}}
- name: var
  persistentVolumeClaim: {claimName: {{ include "shuangsui.claim" . }}}
- name: sealed-key
  secret:
    secretName: {{ .Values.masterKey.secret }}
    items: [{key: {{ .Values.masterKey.key }}, path: master.key}]
- name: key
  emptyDir: {medium: Memory, sizeLimit: 1Mi}
- name: tmp
  emptyDir: {sizeLimit: 2Gi}
{{- with .Values.keys.claim }}
- name: keys
  persistentVolumeClaim: {claimName: {{ . }}}
{{- end }}
{{- if eq .Values.tenants.source "configMap" }}
- name: tenants
  configMap:
    name: {{ .Values.tenants.name }}
    items: {{ toYaml .Values.tenants.items | nindent 6 }}
{{- else if eq .Values.tenants.source "claim" }}
- name: tenants
  persistentVolumeClaim: {claimName: {{ .Values.tenants.name }}, readOnly: true}
{{- end }}
{{- end }}

{{/* Of the root. */}}
{{- define "shuangsui.mounts" -}}
- {name: var, mountPath: /var/lib/shuangsui}
- {name: key, mountPath: /run/shuangsui, readOnly: true}
- {name: tmp, mountPath: /tmp}
{{- if .Values.keys.claim }}
- {name: keys, mountPath: /var/lib/shuangsui-keys}
{{- end }}
{{- if ne .Values.tenants.source "image" }}
- {name: tenants, mountPath: /etc/shuangsui/tenants, readOnly: true}
{{- end }}
{{- end }}

{{/*
Of the root. Kubernetes gives the group of the volumes a right to read every mounted secret, and the platform refuses a
master key that others may read: so it is copied into memory, for its one user. The folders exist before the first act.
*/}}
{{- define "shuangsui.prepare" -}}
- name: prepare
  image: {{ include "shuangsui.image" . }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  command: [sh, -ec]
  args:
    - |
      install -m 0400 /run/sealed/master.key /run/shuangsui/master.key
      mkdir -p /var/lib/shuangsui/public /var/lib/shuangsui/evidence
  securityContext: {{ include "shuangsui.containerSecurity" . | nindent 4 }}
  resources:
    requests: {cpu: 10m, memory: 16Mi}
    limits: {cpu: 100m, memory: 64Mi}
  volumeMounts:
    - {name: var, mountPath: /var/lib/shuangsui}
    - {name: key, mountPath: /run/shuangsui}
    - {name: sealed-key, mountPath: /run/sealed, readOnly: true}
{{- end }}

{{/* Of (root, component): how many, unless a HorizontalPodAutoscaler says so. */}}
{{- define "shuangsui.replicas" -}}
{{- $of := get (index . 0).Values (index . 1) -}}
{{- if not $of.autoscaling.enabled }}
replicas: {{ $of.replicas }}
{{- end }}
{{- end }}
