{{/*
One installation a cluster: two operators would fight over the same Trails. So names are fixed, and a second release is refused by
Helm itself, since the cluster roles belong to the first.
*/}}
{{- define "clustertrail.selectorLabels" -}}
app.kubernetes.io/name: clustertrail
app.kubernetes.io/component: operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "clustertrail.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "clustertrail.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: clustertrail
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* An image by the chart's registry and one of its two image values: (dict "root" $ "image" .Values.agentImage). */}}
{{- define "clustertrail.image" -}}
{{- with .root.Values.image.registry }}{{ trimSuffix "/" . }}/{{ end }}
{{- .image.repository }}
{{- if .image.digest }}@{{ .image.digest }}{{ else }}:{{ .image.tag | default .root.Chart.AppVersion }}{{ end }}
{{- end }}

{{/*
Whether the first Trail can be made now. Helm looks every kind up before it installs anything: of a Trail in the very release that
brings its kind, the API server would know nothing. Then the Trail waits for the next upgrade, and NOTES.txt says so.
*/}}
{{- define "clustertrail.makesTrail" -}}
{{- if and .Values.trail.sink (or (not .Values.crds.install) (.Capabilities.APIVersions.Has "clustertrail.io/v1alpha1/Trail")) -}}
true
{{- end }}
{{- end }}
