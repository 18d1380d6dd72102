namespace ClusterTrail.Kubernetes;

/// <summary>One page of a list. <see cref="Continue"/> is nothing on the last one.</summary>
public sealed record ResourcePage<T>(IReadOnlyList<T> Items, string ResourceVersion, string? Continue)
{
    /// <summary>Objects that exist but could not be decoded; they are logged and counted.</summary>
    public IReadOnlyList<ObjectKey> Undecodable { get; init; } = [];

    /// <summary>How long the page was, all objects included; 0 if that is unknown.</summary>
    public long Bytes { get; init; }
}
