namespace ClusterTrail.Contract.Status;

/// <summary>The agent as it is now: the answer of <c>/status</c>, read by the operator and by people.</summary>
public sealed record AgentStatus
{
    public required AgentIdentity Agent { get; init; }

    /// <summary>The hash of the newest configuration file that is active as a whole.</summary>
    public required string ConfigHash { get; init; }

    /// <summary>The configuration file as last read; older agents do not send it.</summary>
    public ConfigurationStatus? Configuration { get; init; }

    public required SelectorsStatus Selectors { get; init; }

    /// <summary>Nothing when no detections are configured.</summary>
    public DetectionsStatus? Detections { get; init; }

    public required IReadOnlyList<SourceStatus> Sources { get; init; }

    public required SpoolStatus Spool { get; init; }

    public required IReadOnlyList<SinkStatus> Sinks { get; init; }

    /// <summary>The chain of digests; nothing when none are sealed.</summary>
    public IntegrityStatus? Integrity { get; init; }

    /// <summary>Nothing while it was not tried.</summary>
    public ImmutabilityStatus? Immutability { get; init; }

    /// <summary>The labels that records get; nothing when none are asked for.</summary>
    public EnrichmentStatus? Enrichment { get; init; }

    /// <summary>How notifications are taken; nothing when none are configured.</summary>
    public SinkStatus? Notifications { get; init; }
}
