{{- define "allswell.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "allswell.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else if contains (include "allswell.name" .) .Release.Name }}
{{- .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "allswell.name" .) | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "allswell.selectorLabels" -}}
app.kubernetes.io/name: {{ include "allswell.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "allswell.labels" -}}
{{ include "allswell.selectorLabels" . }}
app.kubernetes.io/component: {{ .Values.mode }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | trunc 63 | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{- end }}

{{- define "allswell.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "allswell.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "allswell.image" -}}
{{- if .Values.image.digest }}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) }}
{{- end }}
{{- end }}

{{- define "allswell.hasIdentitySecret" -}}
{{- if or .Values.identitySecret.create .Values.identitySecret.existingSecret }}true{{ end }}
{{- end }}

{{- define "allswell.identitySecretName" -}}
{{- default (printf "%s-identity" (include "allswell.fullname" .)) .Values.identitySecret.existingSecret }}
{{- end }}

{{/* The file. An identity secret in `config` takes precedence over that of the chart. */}}
{{- define "allswell.config" -}}
{{- $identity := dict }}
{{- if include "allswell.hasIdentitySecret" . }}
{{- $identity = dict "fleet_health" (dict "identity_secret" "os.environ/ALLSWELL_IDENTITY_SECRET") }}
{{- end }}
{{- toYaml (mergeOverwrite $identity (deepCopy .Values.config)) }}
{{- end }}

{{- define "allswell.check" -}}
{{- if and .Values.autoscaling.enabled (eq .Values.mode "bridge") }}
{{- fail "autoscaling.enabled: a bridge serves no requests, so its load says nothing. Set replicas instead." }}
{{- end }}
{{- if and .Values.autoscaling.enabled (lt (int .Values.autoscaling.maxReplicas) (int .Values.autoscaling.minReplicas)) }}
{{- fail "autoscaling.maxReplicas is below autoscaling.minReplicas." }}
{{- end }}
{{- if and .Values.serviceMonitor.authorize (not .Values.masterKey.existingSecret) }}
{{- fail "serviceMonitor.authorize needs masterKey.existingSecret." }}
{{- end }}
{{- end }}
