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

{{/* Ports of Redis, with commas between them. One that only a Secret or a ConfigMap knows has to be said. */}}
{{- define "allswell.redisPorts" -}}
{{- $cache := dig "litellm_settings" "cache_params" "port" "" .Values.config }}
{{- $coordination := dig "general_settings" "coordination_redis" "port" "" .Values.config }}
{{- if .Values.networkPolicy.redisPorts }}
{{- join "," .Values.networkPolicy.redisPorts }}
{{- else if or .Values.redis.urlSecret.name .Values.existingConfigMap.name }}
{{- fail "networkPolicy.redisPorts: the address of Redis is in redis.urlSecret or existingConfigMap, so say its port here." }}
{{- else }}
{{- $ports := list .Values.redis.port }}
{{- range list $cache $coordination }}
{{- if regexMatch "^[0-9]+$" (toString .) }}
{{- $ports = append $ports (int .) }}
{{- end }}
{{- end }}
{{- join "," (uniq $ports) }}
{{- end }}
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
{{- if and .Values.serviceMonitor.enabled (eq "key" (dig "fleet_health" "metrics_auth" "none" .Values.config)) (not .Values.serviceMonitor.authorize) }}
{{- fail "serviceMonitor.authorize: fleet_health.metrics_auth is key, so Prometheus needs the master key." }}
{{- end }}
{{- if and (dig "general_settings" "master_key" "" .Values.config) (not (hasPrefix "os.environ/" (dig "general_settings" "master_key" "" .Values.config))) }}
{{- fail "config.general_settings.master_key would be readable in the ConfigMap: use masterKey.existingSecret, or os.environ/NAME." }}
{{- end }}
{{- range $at, $model := .Values.config.model_list }}
{{- $key := toString (dig "litellm_params" "api_key" "" $model) }}
{{- if and $key (not (hasPrefix "os.environ/" $key)) }}
{{- fail (printf "config.model_list[%d].litellm_params.api_key would be readable in the ConfigMap: write os.environ/NAME, and give the variable by envFrom." $at) }}
{{- end }}
{{- end }}
{{- end }}
