namespace ClusterTrail.Contract.Status;

/// <summary>What an agent reads of a cloud's store or stream.</summary>
public sealed record FeedStatus
{
    /// <summary>What is read and not committed yet, on disk.</summary>
    public required long JournalBytes { get; init; }

    public required long JournalLimitBytes { get; init; }

    /// <summary>How many objects, or messages, were read whole since the agent started.</summary>
    public required long ReadObjects { get; init; }

    /// <summary>How many events were in them.</summary>
    public required long ReadEvents { get; init; }

    /// <summary>How many of them the cloud had cut: they are recorded without the part that is missing.</summary>
    public required long CutEvents { get; init; }

    /// <summary>How many entries are not Kubernetes audit events of this kind of cluster; they are not recorded.</summary>
    public required long OtherEntries { get; init; }

    /// <summary>How many parts are not what the format says; each is recorded as it is.</summary>
    public required long UnreadableParts { get; init; }

    /// <summary>How many objects were found late: their names sort before those of objects read earlier. They are read.</summary>
    public long LateObjects { get; init; }

    /// <summary>How many objects appeared later than the configured lateness; they are not read.</summary>
    public long MissedObjects { get; init; }

    /// <summary>How many objects cannot be read now, and are tried again.</summary>
    public int FailingObjects { get; init; }

    /// <summary>How many of them are set aside: they are tried again once a day.</summary>
    public int AsideObjects { get; init; }

    /// <summary>One of them, and why it cannot be read.</summary>
    public string? FirstFailing { get; init; }

    /// <summary>How many partitions of an event hub are read; nothing for a bucket.</summary>
    public int? Partitions { get; init; }

    /// <summary>When the store last answered what was asked for.</summary>
    public DateTimeOffset? LastAnswerAt { get; init; }

    /// <summary>When the newest object was written that is read.</summary>
    public DateTimeOffset? NewestReadAt { get; init; }

    /// <summary>Why the store cannot be read now; nothing if it can.</summary>
    public string? LastError { get; init; }

    public DateTimeOffset? LastErrorAt { get; init; }
}
