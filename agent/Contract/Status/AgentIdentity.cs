namespace ClusterTrail.Contract.Status;

/// <summary>Which agent this is.</summary>
public sealed record AgentIdentity
{
    public required string Version { get; init; }

    public required string Revision { get; init; }

    public required string ClusterName { get; init; }

    public required string NodeName { get; init; }

    public required string Trail { get; init; }

    public required DateTimeOffset StartedAt { get; init; }
}
