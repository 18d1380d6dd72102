using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;

namespace ClusterTrail.Testing;

/// <summary>One version of an object. It is never changed.</summary>
sealed record StoredObject(ResourceType Type, ObjectKey Key, JsonObject Json, IReadOnlyDictionary<FieldOwner, HashSet<string>> Owners)
{
    public JsonObject Metadata => (JsonObject)Json["metadata"]!;

    public string Version => Metadata["resourceVersion"]!.GetValue<string>();

    public string Uid => Metadata["uid"]!.GetValue<string>();

    /// <summary>Whose it is: it goes when none of them is left.</summary>
    public IEnumerable<string> OwnerUids =>
        (Metadata["ownerReferences"] as JsonArray ?? []).Select(owner => owner!["uid"]!.GetValue<string>());

    public bool IsDeleted => Metadata["deletionTimestamp"] is not null;

    public bool HasFinalizers => Metadata["finalizers"] is JsonArray { Count: > 0 };

    public bool IsSameAs(StoredObject other) =>
        JsonNode.DeepEquals(Json, other.Json)
        && Owners.Count == other.Owners.Count
        && Owners.All(owner => other.Owners.TryGetValue(owner.Key, out var fields) && fields.SetEquals(owner.Value));
}
