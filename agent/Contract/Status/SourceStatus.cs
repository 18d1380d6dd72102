namespace ClusterTrail.Contract.Status;

/// <summary>How far one source has been read.</summary>
public sealed record SourceStatus
{
    public required string Name { get; init; }

    public required SourceState State { get; init; }

    /// <summary>What a person should know about the state.</summary>
    public string? Message { get; init; }

    public required string Path { get; init; }

    /// <summary>The identity of the file being read, which renaming does not change.</summary>
    public required string File { get; init; }

    /// <summary>How many bytes of that file are read; safe are those of closed batches.</summary>
    public required long Offset { get; init; }

    public required long LagBytes { get; init; }

    public required double LagSeconds { get; init; }

    public DateTimeOffset? LastEventAt { get; init; }

    public required long ReadEvents { get; init; }

    /// <summary>How many lines were read over restarts, but those that no API server wrote; older agents do not send it.</summary>
    public LineCountStatus? Counted { get; init; }

    /// <summary>How many of them the selectors kept, and lines that are not audit events.</summary>
    public required long SelectedEvents { get; init; }

    /// <summary>How many of them were counted instead, by selectors with aggregate: true; older agents do not send it.</summary>
    public long? AggregatedEvents { get; init; }

    /// <summary>How many records findings made beside them; older agents do not send it, and count these as selected events.</summary>
    public long? InsightRecords { get; init; }

    public required long Gaps { get; init; }

    /// <summary>How processes are seen; nothing of other sources.</summary>
    public ProcessesStatus? Processes { get; init; }

    /// <summary>What of containers is followed; nothing of other sources.</summary>
    public ContainersStatus? Containers { get; init; }

    /// <summary>What is received of API servers; nothing of other sources.</summary>
    public ReceiverStatus? Receiver { get; init; }

    /// <summary>What is read of a cloud's store or stream; nothing of other sources.</summary>
    public FeedStatus? Feed { get; init; }
}

/// <summary>How many lines of a source were read, each once, whatever was killed meanwhile.</summary>
public sealed record LineCountStatus
{
    public required long Lines { get; init; }

    /// <summary>When the count began, at nothing; another time is another count.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>How long ago the count was taken; a time would depend on the node's clock.</summary>
    public required double AgeSeconds { get; init; }
}
