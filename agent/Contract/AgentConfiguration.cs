namespace ClusterTrail.Contract;

/// <summary>The configuration of an agent, apart from its selectors: the content of <c>agent.json</c>.</summary>
public sealed record AgentConfiguration
{
    /// <summary>The cluster's name in records and object names.</summary>
    public required string ClusterName { get; init; }

    /// <summary>The node's name in records and object names. The default is the environment's NODE_NAME, else the host name.</summary>
    public string? NodeName { get; init; }

    /// <summary>The name of the Trail this agent works for.</summary>
    public required string Trail { get; init; }

    /// <summary>False: what is held is delivered, and nothing more is read. Changed without a restart. The default is true.</summary>
    public bool Logging { get; init; } = true;

    /// <summary>The folder that checkpoints and the spool are kept in. One agent at a time may use it.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>Where events come from: at least one, each with a name of its own.</summary>
    public required IReadOnlyList<SourceConfiguration> Sources { get; init; }

    /// <summary>The path of the selectors file, relative to this file. The default is none: everything is recorded as it comes.</summary>
    public string? Selectors { get; init; }

    /// <summary>The path of the detections file, relative to this file. The default is none: no rule is evaluated.</summary>
    public string? Detections { get; init; }

    public InsightsConfiguration Insights { get; init; } = new();

    /// <summary>The labels that records get. The default is none.</summary>
    public EnrichmentConfiguration? Enrichment { get; init; }

    public NotificationsConfiguration Notifications { get; init; } = new();

    public BatchConfiguration Batch { get; init; } = new();

    public EncryptionConfiguration Encryption { get; init; } = new();

    public SpoolConfiguration Spool { get; init; } = new();

    public required SinkConfiguration Sink { get; init; }

    /// <summary>Digests. The default has the default of each of its fields.</summary>
    public IntegrityConfiguration? Integrity { get; init; }

    public TelemetryConfiguration Telemetry { get; init; } = new();

    /// <summary>How long, in seconds, a stopping agent continues to upload what it holds. The default is 25.</summary>
    public int ShutdownGraceSeconds { get; init; } = 25;
}
