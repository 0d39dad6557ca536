{{/* Parts of files/nginx.conf; of the root. */}}

{{- define "shuangsui.toStore" -}}
rewrite ^(.*)/$ $1/index.html;
rewrite ^/(.*)$ /{{ list .Values.store.bucket (trimAll "/" .Values.store.prefix) | compact | join "/" }}/$1 break;
proxy_pass {{ include "shuangsui.storeRoot" . }};
proxy_ssl_server_name on;
proxy_ssl_verify on;
proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;
proxy_intercept_errors on;
{{- end }}

{{- define "shuangsui.missing" -}}
default_type text/html;
return 404 "<!doctype html><html lang=zh-CN><meta charset=utf-8><title>没有这个页面</title><h1>没有这个页面</h1><p>请核对网址，或者回到<a href=/>首页</a>。</p></html>\n";
{{- end }}

{{/* The object store as the portal reaches it, without a bucket. */}}
{{- define "shuangsui.storeRoot" -}}
{{- if eq .Values.store.mode "bundled" }}http://{{ include "shuangsui.name" . }}-store:8333{{ else }}{{ trimSuffix "/" .Values.store.endpoint }}{{ end -}}
{{- end }}
