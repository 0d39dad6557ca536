{{/* What things are called. */}}

{{- define "shuangsui.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{ end -}}
{{- end }}

{{/* Of (root, component): what a selector may rest on; it never changes. */}}
{{- define "shuangsui.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ $root.Chart.Name }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* Of (root, component). */}}
{{- define "shuangsui.labels" -}}
{{- $root := index . 0 -}}
{{ include "shuangsui.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "shuangsui.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* The claim of $SHUANGSUI_VAR. */}}
{{- define "shuangsui.claim" -}}
{{ .Values.volume.claim | default (printf "%s-var" (include "shuangsui.name" .)) }}
{{- end }}
