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

{{- define "clustertrail.verifierSelectorLabels" -}}
app.kubernetes.io/name: clustertrail
app.kubernetes.io/component: verifier
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "clustertrail.verifierLabels" -}}
{{ mergeOverwrite (include "clustertrail.labels" . | fromYaml) (include "clustertrail.verifierSelectorLabels" . | fromYaml) | toYaml }}
{{- end }}

{{/* An image by the chart's registry and one of its image values: (dict "root" $ "image" .Values.agentImage). */}}
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

{{/* The Pod Security level that the release's namespace enforces by its label; empty without the label, and where no cluster is asked. */}}
{{- define "clustertrail.podSecurity" -}}
{{- $namespace := lookup "v1" "Namespace" "" .Release.Namespace }}
{{- dig "metadata" "labels" "pod-security.kubernetes.io/enforce" "" $namespace }}
{{- end }}

{{/* What lets agents into the release's namespace. */}}
{{- define "clustertrail.labelNamespace" -}}
kubectl label --overwrite namespace {{ .Release.Namespace }} pod-security.kubernetes.io/enforce=privileged
{{- end }}

{{/* A line for each Trail: its name and whether it is Ready. Empty where there is none, and where no cluster is asked. */}}
{{- define "clustertrail.trails" -}}
{{- if .Capabilities.APIVersions.Has "clustertrail.io/v1alpha1/Trail" }}
{{- range (lookup "clustertrail.io/v1alpha1" "Trail" "" "").items }}
{{- $ready := dict "status" "Unknown" }}
{{- range dig "status" "conditions" list . }}
{{- if eq .type "Ready" }}{{ $ready = . }}{{ end }}
{{- end }}
{{ printf "  %-24s Ready: %s%s" .metadata.name $ready.status (ternary "" (printf " (%s)" $ready.reason) (or (eq $ready.status "True") (not $ready.reason))) }}
{{- end }}
{{- end }}
{{- end }}
