namespace ClusterTrail.Contract;

/// <summary>Whether the agent looks for what is unusual in the events of API servers: docs/insights.md.</summary>
public sealed record InsightsConfiguration
{
    /// <summary>Whether it does. The default is false.</summary>
    public bool Enabled { get; init; }
}
