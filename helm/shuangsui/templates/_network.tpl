{{/* Of (root, component, component …): pods of this release. */}}
{{- define "shuangsui.peers" -}}
{{- $root := index . 0 }}
{{- range rest . }}
- podSelector:
    matchLabels: {{ include "shuangsui.selector" (list $root .) | nindent 6 }}
{{- end }}
{{- end }}

{{/* Of (root, mode, where it is outside, component, port): the way to a service, in the release or outside. */}}
{{- define "shuangsui.way" -}}
{{- $root := index . 0 }}{{ $mode := index . 1 }}{{ $outside := index . 2 -}}
{{- if eq $mode "bundled" }}
- to: {{ include "shuangsui.peers" (list $root (index . 3)) | nindent 4 }}
  ports: [{protocol: TCP, port: {{ index . 4 }}}]
{{- else if eq $mode "external" }}
- to:
    {{- range $outside.cidrs }}
    - ipBlock: {cidr: {{ . | quote }}}
    {{- end }}
  ports: [{protocol: TCP, port: {{ $outside.port }}}]
{{- end }}
{{- end }}

{{/* Of an address: its port, or that of its scheme. */}}
{{- define "shuangsui.portOf" -}}
{{- $port := regexFind ":[0-9]+$" (urlParse .).host | trimPrefix ":" -}}
{{ $port | default (ternary "443" "80" (hasPrefix "https:" .)) }}
{{- end }}
