namespace ClusterTrail.Contract.Execs;

/// <summary>What the operator says to an agent that records processes.</summary>
public sealed record ExecHandover
{
    /// <summary>The largest of one, in bytes; the operator splits what is more.</summary>
    public const int LargestBody = 256 << 10;

    /// <summary>How old one may be.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromMinutes(2);

    public required string Trail { get; init; }

    /// <summary>The node of the agent that it is for.</summary>
    public required string Node { get; init; }

    /// <summary>Greater than that of the one before.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Up to when all exec requests for pods of this node were handed over; nothing while nobody can say.</summary>
    public DateTimeOffset? Through { get; init; }

    /// <summary>Why nobody can say.</summary>
    public string? Reason { get; init; }

    /// <summary>The public key of the operator that made it, which signed it too.</summary>
    public required string OperatorKey { get; init; }

    public IReadOnlyList<ExecEvent> Execs { get; init; } = [];

    /// <summary>Answers to what the agent asked for.</summary>
    public IReadOnlyList<PodCommands> Pods { get; init; } = [];
}
