using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;

namespace ClusterTrail.Testing.Nodes;

/// <summary>An object of any kind as the parts of Kubernetes read it. What they look into is left as JSON.</summary>
public sealed record Seen : Resource
{
    public JsonObject? Spec { get; init; }

    public JsonObject? Status { get; init; }

    public JsonObject? Data { get; init; }

    internal string Uid => Metadata.Uid!;

    internal bool IsDeleted => Metadata.DeletionTimestamp is not null;
}
