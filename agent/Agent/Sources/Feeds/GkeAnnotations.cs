using System.Text.Json;

namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>The annotations of an event of GKE: kube-apiserver's, which are labels there, and what the mapping derived and lost.</summary>
static class GkeAnnotations
{
    const string Own = "clustertrail.io/";

    public static void Write(Utf8JsonWriter json, JsonElement entry, JsonElement payload)
    {
        json.WriteStartObject("annotations");
        foreach (var label in entry.Object("labels")?.EnumerateObject() ?? default)
        {
            if (label.Value.ValueKind == JsonValueKind.String && !label.Name.StartsWith(Own, StringComparison.Ordinal))
                label.WriteTo(json);
        }

        json.WriteString("clustertrail.io/source-format", "gke-cloud-logging");
        json.WriteString("clustertrail.io/derived", "level,stage,requestURI,requestReceivedTimestamp,responseStatus");
        json.WriteString("clustertrail.io/lost", "user.uid,user.groups,user.extra,impersonatedUser");
        if (entry.Object("resource")?.Object("labels") is { } cluster)
        {
            json.WriteString(
                "clustertrail.io/gke-cluster", $"{cluster.Text("project_id")}/{cluster.Text("location")}/{cluster.Text("cluster_name")}");
        }

        if (entry.Text("logName") is { } log)
            json.WriteString("clustertrail.io/log-name", log);
        // Who acts for whom stands only here.
        if (payload.Object("authenticationInfo") is { } caller
            && caller.EnumerateObject().Any(member => !member.NameEquals("principalEmail")))
            json.WriteString("clustertrail.io/authentication-info", caller.GetRawText());
        if (entry.Object("split") is { } part)
            json.WriteString(CutEvent.Annotation, $"part of a split entry: {part.GetRawText()}");
        json.WriteEndObject();
    }
}
