using System.Globalization;
using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Testing;

/// <summary>What the API server itself writes into objects.</summary>
static class Lifecycle
{
    const long DefaultGrace = 30;

    static readonly string[] OwnFields =
    [
        "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
    ];

    /// <summary>Puts the server's own fields in place, whatever a client has written there.</summary>
    public static StoredObject Complete(StoredObject? before, StoredObject after, DateTimeOffset now)
    {
        var json = (JsonObject)after.Json.DeepClone();
        var metadata = (JsonObject)json["metadata"]!;
        foreach (var field in OwnFields)
        {
            metadata.Remove(field);
            if (before?.Metadata[field] is { } kept)
                metadata[field] = kept.DeepClone();
        }

        if (before is null)
        {
            metadata["uid"] = Guid.NewGuid().ToString();
            metadata["creationTimestamp"] = Text(now);
        }

        if (HasGeneration(after.Type, json))
            metadata["generation"] = before is null ? 1 : Generation(before) + (WantsTheSame(before.Json, json) ? 0 : 1);
        if (after.Type == ResourceType.Of<V1CustomResourceDefinition>())
            json["status"] = Established();
        return after with { Json = json };
    }

    public static StoredObject MarkDeleted(StoredObject live, DateTimeOffset now)
    {
        var json = (JsonObject)live.Json.DeepClone();
        var metadata = (JsonObject)json["metadata"]!;
        var grace = Grace(live);
        metadata["deletionTimestamp"] = Text(now.AddSeconds(grace));
        metadata["deletionGracePeriodSeconds"] = grace;
        if (HasGeneration(live.Type, json))
            metadata["generation"] = Generation(live) + 1;
        return live with { Json = json };
    }

    // Of a pod that a node runs, the timestamp is when its grace will be over.
    static long Grace(StoredObject live) => live.Type == ResourceType.Of<V1Pod>() && live.Json["spec"]?["nodeName"] is not null
        ? live.Json["spec"]!["terminationGracePeriodSeconds"]?.GetValue<long>() ?? DefaultGrace
        : 0;

    static bool HasGeneration(ResourceType type, JsonObject json) => json.ContainsKey("spec") || !type.IsBuiltIn();

    static long Generation(StoredObject stored) => stored.Metadata["generation"]?.GetValue<long>() ?? 0;

    static bool WantsTheSame(JsonObject before, JsonObject after) => JsonNode.DeepEquals(Wanted(before), Wanted(after));

    static JsonObject Wanted(JsonObject json)
    {
        var wanted = (JsonObject)json.DeepClone();
        wanted.Remove("metadata");
        wanted.Remove("status");
        return wanted;
    }

    static JsonObject Established() => new()
    {
        ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Established", ["status"] = "True" }),
    };

    static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
