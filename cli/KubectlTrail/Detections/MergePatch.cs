using System.Text.Json.Nodes;

namespace ClusterTrail.Kubectl.Detections;

/// <summary>JSON merge patches (RFC 7396).</summary>
static class MergePatch
{
    /// <summary>What the patch makes of the target; neither is changed.</summary>
    internal static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        var merged = target.DeepClone().AsObject();
        foreach (var (name, value) in patch)
        {
            if (value is null)
                merged.Remove(name);
            else
                merged[name] = value is JsonObject inner ? Apply(merged[name] as JsonObject ?? [], inner) : value.DeepClone();
        }

        return merged;
    }
}
