namespace ClusterTrail.Agent.Sources.Feeds.Buckets;

/// <summary>Reads an object into the journal.</summary>
/// <param name="name">The bucket's.</param>
sealed class ObjectReader(IBucket bucket, string name, FeedUnwrapping unwrap, FeedGroups groups)
{
    /// <summary>Ends when all of it is on disk for good.</summary>
    /// <param name="isWanted">Asked when it is open, as only then its time is known.</param>
    /// <param name="stored">Called with how many groups are, after each.</param>
    /// <returns>The object as it was opened.</returns>
    /// <exception cref="FeedException">It cannot be read.</exception>
    public async Task<StoredObject> ReadAsync(
        BucketEntry entry, Func<StoredObject, bool> isWanted, Action<int> stored, CancellationToken cancellationToken)
    {
        var (key, tag, from) = (entry.Key, entry.Tag, entry.Parts);
        using var opened = await bucket.OpenAsync(key, tag, cancellationToken);
        var found = opened.Object;
        if (found.Bytes == 0 || !isWanted(found))
            return found;
        try
        {
            await using var text = await FeedText.OpenAsync(opened.Content, cancellationToken);
            await FeedReader.ReadAsync(text, unwrap, StoreAsync, cancellationToken);
            return found;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new FeedException(FeedFailure.Damaged, $"It is damaged: {e.Message}", e);
        }

        async Task StoreAsync(int part, FeedLines lines)
        {
            if (part < from)
                return;
            await groups.StoreAsync(FeedGroups.KeyOf(part, name, key, found.Tag), lines, cancellationToken);
            stored(part + 1);
        }
    }
}
