namespace ClusterTrail.Contract.Status;

/// <summary>What an agent receives of API servers.</summary>
public sealed record ReceiverStatus
{
    /// <summary>What is received and not committed yet, on disk.</summary>
    public required long JournalBytes { get; init; }

    public required long JournalLimitBytes { get; init; }

    /// <summary>How many events were received since the agent started, without those that came twice.</summary>
    public required long ReceivedEvents { get; init; }

    /// <summary>How many requests came a second time; they are recorded once.</summary>
    public required long RepeatedRequests { get; init; }

    /// <summary>How many requests were told to come again, because the journal was full or could not be written.</summary>
    public required long DeferredRequests { get; init; }

    /// <summary>How many requests and connections were refused.</summary>
    public required long RefusedRequests { get; init; }

    /// <summary>Why the last one was refused; nothing if none was.</summary>
    public string? LastRefusal { get; init; }

    public DateTimeOffset? LastRefusalAt { get; init; }

    /// <summary>When the journal was full the last time; nothing if it never was since the agent started.</summary>
    public DateTimeOffset? LastDeferredAt { get; init; }

    /// <summary>Until when the server's certificate is valid.</summary>
    public DateTimeOffset? CertificateExpiresAt { get; init; }

    /// <summary>What waits in memory; nothing of sources that answer when events are on disk.</summary>
    public QueueStatus? Queue { get; init; }

    /// <summary>Who sent events, the latest first.</summary>
    public required IReadOnlyList<CallerStatus> Callers { get; init; }
}

/// <summary>What is answered and not on disk yet.</summary>
public sealed record QueueStatus
{
    public required long Events { get; init; }

    public required long Bytes { get; init; }

    public required long LimitBytes { get; init; }

    /// <summary>How many events are lost, as far as this agent knows since it started: what a crash before it cost included.</summary>
    public required long LostEvents { get; init; }

    /// <summary>Why the last ones were lost: QueueFull, Crash or Failed; nothing if none were.</summary>
    public string? LastLoss { get; init; }

    public DateTimeOffset? LastLossAt { get; init; }
}

/// <summary>An API server that sent events since the agent started.</summary>
public sealed record CallerStatus
{
    /// <summary>The common name of its certificate; empty when none is asked for.</summary>
    public required string Name { get; init; }

    /// <summary>The address that it connects from, as the agent sees it: behind a Service it may be that of a node.</summary>
    public required string Address { get; init; }

    public required DateTimeOffset LastAt { get; init; }

    public required long Events { get; init; }

    /// <summary>How old the newest event of its last request was on arrival.</summary>
    public double? LagSeconds { get; init; }
}
