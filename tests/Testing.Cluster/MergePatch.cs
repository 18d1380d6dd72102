using System.Text.Json.Nodes;

namespace ClusterTrail.Testing;

/// <summary>RFC 7396.</summary>
static class MergePatch
{
    public static JsonObject Merge(JsonObject target, JsonObject patch)
    {
        var merged = (JsonObject)target.DeepClone();
        foreach (var (name, value) in patch)
        {
            if (value is null)
                merged.Remove(name);
            else
                merged[name] = value is JsonObject inner ? Merge(merged[name] as JsonObject ?? [], inner) : value.DeepClone();
        }

        return merged;
    }
}
