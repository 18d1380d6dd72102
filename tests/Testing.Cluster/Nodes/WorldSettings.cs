namespace ClusterTrail.Testing.Nodes;

/// <summary>What a test may change while its world runs.</summary>
sealed class WorldSettings(NodeWorldOptions options)
{
    public NodeWorldOptions Options => options;

    /// <summary>The most that a probe waits, whatever its timeoutSeconds is.</summary>
    public TimeSpan ProbePatience { get; set; } = options.ProbePatience;

    public TimeSpan ConfigMapDelay { get; set; } = options.ConfigMapDelay;
}
