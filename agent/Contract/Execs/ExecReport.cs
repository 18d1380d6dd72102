namespace ClusterTrail.Contract.Execs;

/// <summary>What an agent beside an API server says to the operator: the latest exec requests.</summary>
public sealed record ExecReport
{
    /// <summary>How many events an agent remembers, and for how long.</summary>
    public const int Most = 1024;

    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public required string Trail { get; init; }

    public required string Node { get; init; }

    /// <summary>Made up at each start of the agent: its numbers begin anew.</summary>
    public required string Instance { get; init; }

    /// <summary>The number of the latest event.</summary>
    public required long Last { get; init; }

    /// <summary>How many events had to go before they were old.</summary>
    public long Dropped { get; init; }

    /// <summary>Up to when the report has all events of this API server; nothing while nobody can say.</summary>
    public DateTimeOffset? Through { get; init; }

    /// <summary>Those after the number that was asked for, the oldest first.</summary>
    public required IReadOnlyList<ExecEvent> Execs { get; init; }
}
