namespace ClusterTrail.Agent.Sources.Feeds.Buckets;

/// <summary>Knows which objects of a bucket were read, without remembering all of them.</summary>
/// <remarks>
/// A pass examines all objects in the order of their names. What was written before its threshold, which is the lateness before its
/// beginning, is in its list, as no object takes longer to appear; so after the pass everything before the threshold is done, and only
/// newer objects are remembered one by one. Guarantee: an object that appears within the lateness is read once, whatever its name is.
/// </remarks>
sealed class BucketLedger
{
    // So many objects may be refused at the same time. More is an outage of the store, and none is passed over.
    public const int MostRefused = 1000;

    // Whoever may write to the bucket can damage more, which is no reason to stop. They take memory all the same.
    const int MostDamaged = 10_000;

    const int MostEntries = 100_000;

    readonly TimeSpan lateness;
    readonly Dictionary<string, BucketEntry> entries;
    BucketProgress progress;

    public BucketLedger(BucketProgress progress, TimeSpan lateness)
    {
        (this.progress, this.lateness) = (progress, lateness);
        entries = progress.Entries.ToDictionary(entry => entry.Key, StringComparer.Ordinal);
    }

    public BucketProgress Progress => progress with { Entries = [.. entries.Values] };

    /// <summary>Behind which name to look for new objects between two passes.</summary>
    public string? Floor => progress.Floor;

    public BucketPass? Pass => progress.Pass;

    public long Late => progress.Late;

    public long Missed => progress.Missed;

    /// <summary>Objects that are tried again.</summary>
    public IReadOnlyList<BucketEntry> Failing => [.. entries.Values.Where(entry => !entry.IsDone).OrderBy(entry => entry.NextTry)];

    /// <summary>Whether one more object may be passed over that fails so.</summary>
    public bool HasRoomFor(FeedFailure failure) => failure switch
    {
        FeedFailure.Damaged => entries.Values.Count(entry => !entry.IsDone) < MostDamaged,
        FeedFailure.Object => entries.Values.Count(entry => entry is { IsDone: false, IsAside: false, IsDamaged: false }) < MostRefused,
        _ => false,
    };

    public bool IsPassDue(DateTimeOffset now) =>
        progress.Pass is not null || progress.PassedAt is not { } at || (now - at).Duration() >= lateness;

    /// <summary>Begins a pass, or goes on with the one that a failure ended.</summary>
    public BucketPass BeginPass(DateTimeOffset now)
    {
        if (progress.Pass is { } going)
            return going;
        var threshold = now - lateness;
        var pass = new BucketPass(progress.Settled is { } settled && settled > threshold ? settled : threshold);
        progress = progress with { Pass = pass, PassedAt = now, Passes = progress.Passes + 1 };
        return pass;
    }

    /// <summary>Whether an object was not read yet, and nothing is known of it.</summary>
    public bool IsNew(StoredObject found)
    {
        if (entries.TryGetValue(found.Key, out var entry))
            return entry.Tag != found.Tag;
        var settled = progress.Pass is { Position: { } position } pass && string.CompareOrdinal(found.Key, position) <= 0
            ? pass.Threshold : progress.Settled;
        return settled is not { } time || found.At >= time;
    }

    public BucketEntry EntryOf(StoredObject found) =>
        entries.TryGetValue(found.Key, out var entry) && entry.Tag == found.Tag
            ? entry : new(found.Key, found.Tag, found.At, found.Bytes) { SeenIn = progress.Passes };

    public void Note(BucketEntry entry)
    {
        entries[entry.Key] = entry;
        if (entry.IsDone && entry.Tries > 0 && entry.At < progress.Settled && progress.Pass is null)
            entries.Remove(entry.Key);
        if (entries.Count > MostEntries)
            ForgetOldest();
    }

    /// <summary>Notes that a pass has examined an object, and what was new of it was read.</summary>
    /// <param name="wasNew">Whether it was.</param>
    public void Examined(StoredObject found, bool wasNew)
    {
        var pass = progress.Pass!;
        var isLate = wasNew && progress.Floor is { } floor && string.CompareOrdinal(found.Key, floor) <= 0;
        var isOld = found.At < pass.Threshold;
        progress = progress with
        {
            Late = progress.Late + (isLate ? 1 : 0),
            Pass = pass with
            {
                Position = found.Key,
                IsOld = pass.IsOld && isOld,
                Floor = pass.IsOld && isOld ? found.Key : pass.Floor,
                Settled = pass.Settled + (found.At < progress.Settled ? 1 : 0),
                Old = pass.Old + (isOld ? 1 : 0),
            },
        };
        if (!entries.TryGetValue(found.Key, out var entry))
            return;
        if (isOld && entry.IsDone)
            entries.Remove(found.Key);
        else
            entries[found.Key] = entry with { At = found.At, SeenIn = progress.Passes };
    }

    public void EndPass()
    {
        var pass = progress.Pass!;
        var missed = progress.SettledObjects is { } expected ? Math.Max(0, pass.Settled - expected) : 0;
        var gone = entries.Values.Where(entry => entry.IsDone && entry.SeenIn < progress.Passes && entry.At < pass.Threshold).ToList();
        gone.ForEach(entry => entries.Remove(entry.Key));
        progress = progress with
        {
            Settled = progress.Settled > pass.Threshold ? progress.Settled : pass.Threshold,
            SettledObjects = pass.Old,
            Floor = pass.Floor,
            Pass = null,
            Missed = progress.Missed + missed,
        };
    }

    // Their times are not waited for any longer: what appears late among them is missed.
    void ForgetOldest()
    {
        foreach (var oldest in entries.Values.Where(entry => entry.IsDone).OrderBy(entry => entry.At).Take(MostEntries / 10).ToList())
        {
            entries.Remove(oldest.Key);
            if (progress.Settled is not { } settled || oldest.At >= settled)
                progress = progress with { Settled = oldest.At.AddTicks(1), SettledObjects = null };
        }
    }
}
