namespace ClusterTrail.Agent.Sources.Feeds.Buckets;

/// <summary>What is on disk of a bucket's ledger.</summary>
sealed record BucketProgress
{
    /// <summary>Which bucket and prefix it is about.</summary>
    public required string Of { get; init; }

    /// <summary>Objects written before this time are done, unless an entry says otherwise.</summary>
    public DateTimeOffset? Settled { get; init; }

    /// <summary>How many objects there were of these; null when that is not known.</summary>
    public long? SettledObjects { get; init; }

    /// <summary>New objects between two passes are looked for behind this name.</summary>
    public string? Floor { get; init; }

    /// <summary>When the last pass began.</summary>
    public DateTimeOffset? PassedAt { get; init; }

    public long Passes { get; init; }

    /// <summary>The pass that goes on.</summary>
    public BucketPass? Pass { get; init; }

    public long Late { get; init; }

    public long Missed { get; init; }

    public IReadOnlyList<BucketEntry> Entries { get; init; } = [];
}

/// <summary>A list of all objects, as far as it was examined.</summary>
/// <param name="Threshold">What becomes <see cref="BucketProgress.Settled"/> at its end.</param>
sealed record BucketPass(DateTimeOffset Threshold)
{
    /// <summary>The last name that was examined.</summary>
    public string? Position { get; init; }

    /// <summary>The last name before the first object that is newer than the threshold.</summary>
    public string? Floor { get; init; }

    /// <summary>Whether no such object was found yet.</summary>
    public bool IsOld { get; init; } = true;

    /// <summary>How many objects were found that are older than the threshold of the pass before.</summary>
    public long Settled { get; init; }

    /// <summary>How many were found that are older than this one's.</summary>
    public long Old { get; init; }
}
