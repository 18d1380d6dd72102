namespace ClusterTrail.Agent.Sources.Feeds.Buckets;

/// <summary>Follows the objects of a bucket: what is new of them is read into the journal.</summary>
/// <remarks>
/// Guarantee: an object is read once, and none is left out: what cannot be read is tried again, and does not keep the others back. The
/// ledger is saved behind the journal, which knows the groups that a crash leaves between them.
/// </remarks>
sealed class BucketFollower(
    IBucket bucket, ObjectReader reader, BucketLedger ledger, Action<BucketProgress> save, BucketSettings settings, IFeedLog log,
    TimeProvider time)
{
    static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(1);

    // A large ledger takes a while: it must not be what most of the time is spent with.
    const int SavingShare = 20;

    long savedAt;
    TimeSpan saveTook;

    /// <summary>Reads what is new. Ends when nothing is for now.</summary>
    /// <exception cref="FeedException">The store does not answer as it should; everything before is kept.</exception>
    public async Task TurnAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RetryAsync(cancellationToken);
            if (ledger.IsPassDue(time.GetUtcNow()))
                await PassAsync(cancellationToken);
            else if (settings.Queue is null)
                await PollAsync(cancellationToken);
            if (settings.Queue is { } queue)
                await TakeAsync(queue, cancellationToken);
        }
        finally
        {
            Save();
        }
    }

    /// <summary>Tries everything again that failed, as if its time had come.</summary>
    public void RetryAll()
    {
        foreach (var entry in ledger.Failing)
            ledger.Note(entry with { NextTry = time.GetUtcNow() });
        ReportFailing();
    }

    async Task RetryAsync(CancellationToken cancellationToken)
    {
        foreach (var entry in ledger.Failing.TakeWhile(entry => entry.NextTry <= time.GetUtcNow()))
            await TryReadAsync(entry, cancellationToken);
    }

    async Task PassAsync(CancellationToken cancellationToken)
    {
        var after = ledger.BeginPass(time.GetUtcNow()).Position;
        var isLast = false;
        while (!isLast)
        {
            (var found, isLast) = await ListAsync(after, cancellationToken);
            foreach (var one in found)
            {
                var isNew = ledger.IsNew(one);
                if (isNew)
                    await TryReadAsync(ledger.EntryOf(one), cancellationToken);
                ledger.Examined(one, isNew);
            }

            after = found is [.., var last] ? last.Key : after;
            SaveSometimes();
        }

        ledger.EndPass();
        log.Passed(ledger.Late, ledger.Missed);
    }

    async Task PollAsync(CancellationToken cancellationToken)
    {
        var (after, isLast) = (ledger.Floor, false);
        while (!isLast)
        {
            (var found, isLast) = await ListAsync(after, cancellationToken);
            foreach (var one in found.Where(ledger.IsNew))
                await TryReadAsync(ledger.EntryOf(one), cancellationToken);
            after = found is [.., var last] ? last.Key : after;
        }
    }

    async Task<(IReadOnlyList<StoredObject> Found, bool IsLast)> ListAsync(string? after, CancellationToken cancellationToken)
    {
        var (found, isLast) = await bucket.ListAsync(after, cancellationToken);
        log.Answered();
        // A store that begins before the name, or gives nothing and says that there is more, would be asked forever.
        if (found.Any(one => after is not null && string.CompareOrdinal(one.Key, after) <= 0) || (found.Count == 0 && !isLast))
            throw new FeedException(FeedFailure.Store, "The store's list does not begin behind the name that was asked for.");
        return (found, isLast);
    }

    async Task TakeAsync(IObjectQueue queue, CancellationToken cancellationToken)
    {
        foreach (var message in await queue.ReceiveAsync(cancellationToken))
        {
            log.Answered();
            var named = ObjectNotification.Parse(message.Body);
            if (named is null)
                log.NotUnderstood();
            var isDone = true;
            foreach (var one in (named ?? []).Where(IsOurs))
                isDone &= await TryTakeAsync(one, cancellationToken);
            if (!isDone)
                continue;
            // It does not come again, so what it led to must be on disk.
            Save();
            await queue.DeleteAsync(message, cancellationToken);
        }
    }

    bool IsOurs(ObjectNotification named) =>
        named.Bucket == settings.Bucket && named.Key.StartsWith(settings.Prefix, StringComparison.Ordinal);

    // What fails comes again by the queue, and by the next pass.
    async Task<bool> TryTakeAsync(ObjectNotification named, CancellationToken cancellationToken)
    {
        var found = new StoredObject(named.Key, named.Tag, time.GetUtcNow(), 0);
        return (named.Tag.Length > 0 && !ledger.IsNew(found) && ledger.EntryOf(found).IsDone)
            || await TryReadAsync(ledger.EntryOf(found), cancellationToken);
    }

    // False when it failed, and is noted for another try.
    async Task<bool> TryReadAsync(BucketEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            var read = await reader.ReadAsync(entry, IsWanted, parts => entry = entry with { Parts = parts }, cancellationToken);
            // A notification says less than the store.
            entry = entry with { Tag = read.Tag, At = entry.Bytes == 0 ? read.At : entry.At, Bytes = read.Bytes };
            ledger.Note(entry with { IsDone = true, Reason = null });
            log.Read(read.At);
        }
        catch (FeedException e) when (e.Failure == FeedFailure.Gone)
        {
            ledger.Note(entry with { IsDone = true, Reason = null });
            log.Gone(entry.Key, e.Message);
        }
        catch (FeedException e) when (
            entry.Tries > 0 ? e.Failure is FeedFailure.Object or FeedFailure.Damaged : ledger.HasRoomFor(e.Failure))
        {
            entry = entry.Failed(e, time.GetUtcNow());
            ledger.Note(entry);
            log.Failed(entry.Key, e.Message, entry.IsAside);
            ReportFailing();
            return false;
        }

        if (entry.Tries > 0)
            ReportFailing();
        SaveSometimes();
        return true;

        // A notification may come again when its object is settled; what failed is none of these.
        bool IsWanted(StoredObject opened) => entry.Tries > 0 || ledger.IsNew(opened);
    }

    void ReportFailing()
    {
        var failing = ledger.Failing;
        log.Failing(
            failing.Count, failing.Count(entry => entry.IsAside), failing is [var first, ..] ? $"{first.Key}: {first.Reason}" : null);
    }

    void SaveSometimes()
    {
        if (time.GetElapsedTime(savedAt) >= (saveTook * SavingShare > SaveEvery ? saveTook * SavingShare : SaveEvery))
            Save();
    }

    void Save()
    {
        var begun = time.GetTimestamp();
        save(ledger.Progress);
        (savedAt, saveTook) = (time.GetTimestamp(), time.GetElapsedTime(begun));
    }
}
