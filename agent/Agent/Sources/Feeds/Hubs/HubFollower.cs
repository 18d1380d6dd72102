namespace ClusterTrail.Agent.Sources.Feeds.Hubs;

/// <summary>Follows all partitions of an event hub: what is new of them is read into the journal.</summary>
/// <remarks>
/// Guarantee: a message is recorded once, and none is left out while the hub holds it. The ledger is saved behind the journal, which knows
/// the groups that a crash leaves between them. One reader has the hub: whoever starts later takes it over.
/// </remarks>
sealed class HubFollower(
    IEventHub hub, MessageReader reader, HubLedger ledger, Action<HubProgress> save, IFeedLog log, TimeProvider time)
{
    /// <summary>Who starts takes the hub over from all others.</summary>
    public const int TakingLevel = 1;

    /// <summary>Who lost it waits until it is free, and takes it from nobody.</summary>
    public const int WaitingLevel = 0;

    static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(5);

    readonly Dictionary<string, FollowedPartition> open = [];
    readonly HashSet<string> vanished = [];
    int level = TakingLevel;
    long? lookedAt;

    /// <summary>How many partitions are read. For other threads.</summary>
    public int Partitions { get; private set; }

    /// <summary>Reads what is new, for a few seconds at most.</summary>
    /// <exception cref="FeedException">
    /// The hub does not answer as it should, or another reader has it; everything before is kept.
    /// </exception>
    public async Task TurnAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (lookedAt is not { } at || time.GetElapsedTime(at) >= LookEvery)
                await LookAsync(cancellationToken);
            var failures = await Task.WhenAll(open.Values.Select(one => one.TryDrainAsync(cancellationToken)));
            if ((failures.FirstOrDefault(one => one?.Failure == FeedFailure.TakenOver) ?? failures.FirstOrDefault(one => one is not null))
                is { } failure)
                throw failure;
            foreach (var doubtful in open.Values.Where(one => one.IsDoubtful).ToList())
                Open(doubtful.Id);
            await KeepAsync();
        }
        catch (FeedException e)
        {
            level = e.Failure == FeedFailure.TakenOver ? WaitingLevel : level;
            await CloseAsync();
            throw;
        }
        finally
        {
            save(ledger.Progress);
        }
    }

    public async Task CloseAsync()
    {
        open.Clear();
        (lookedAt, Partitions) = (null, 0);
        await hub.CloseAsync();
    }

    async Task LookAsync(CancellationToken cancellationToken)
    {
        var found = await hub.DescribeAsync(cancellationToken);
        if (found.Partitions.Count == 0)
            throw new FeedException(FeedFailure.Store, "The event hub says that it has no partition.");
        foreach (var partition in found.Partitions.Where(one => !open.ContainsKey(one)))
        {
            var ends = await hub.EndsAsync(partition, cancellationToken);
            Report(partition, ledger.Examine(partition, found, ends));
            Open(partition);
        }

        ledger.Examined();
        NoteVanished(found.Partitions);
        (lookedAt, Partitions) = (time.GetTimestamp(), open.Count);
    }

    // Ends what was read of it before.
    void Open(string partition) => open[partition] = new(
        partition, hub.Open(partition, ledger.After(partition), level), reader, ledger, log, time);

    void Report(string partition, PartitionFinding finding)
    {
        if (finding.IsReplaced)
            log.Replaced(partition);
        if (finding.Missed > 0)
            log.Expired(partition, finding.Missed);
    }

    void NoteVanished(IReadOnlyList<string> found)
    {
        vanished.ExceptWith(found);
        foreach (var partition in ledger.Partitions.Except(found).Where(vanished.Add))
        {
            open.Remove(partition);
            log.Gone($"partition {partition}", "The hub has it no longer.");
        }
    }

    // Who waited and has it now must not lose it to another one who waits.
    async Task KeepAsync()
    {
        if (level == TakingLevel)
            return;
        level = TakingLevel;
        await CloseAsync();
    }
}
