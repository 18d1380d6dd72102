namespace ClusterTrail.Testing.Nodes;

/// <summary>What a test may change while its world runs.</summary>
sealed class WorldSettings(NodeWorldOptions options)
{
    public NodeWorldOptions Options => options;

    public TimeSpan ConfigMapDelay { get; set; } = options.ConfigMapDelay;
}
