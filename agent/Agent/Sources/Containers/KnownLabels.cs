namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>The labels of the node's pods, by uid, as the operator last sent them.</summary>
sealed record KnownLabels(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> ByUid, string? Hash)
{
    public static KnownLabels None { get; } = new(new Dictionary<string, IReadOnlyDictionary<string, string>>(), null);

    /// <summary>Those of a pod; null while they are not known.</summary>
    public IReadOnlyDictionary<string, string>? Of(string uid) => ByUid.GetValueOrDefault(uid);
}
