using ClusterTrail.History.Reading;

namespace ClusterTrail.History.Search;

/// <summary>An archive.</summary>
/// <param name="looksBack">Whether batches count that began earlier and may reach into the time, see <see cref="EarlierBatches"/>.</param>
sealed class ArchiveHistory(ILocation location, ObjectReader reader, bool looksBack = true) : IHistory
{
    public async Task<IReadOnlyList<ObjectSpan>> ListAsync(
        ObjectScope scope, Action<TrailException> report, CancellationToken cancellationToken)
    {
        var listing = await location.ListAsync(scope, cancellationToken);
        if (looksBack)
            listing = await EarlierBatches.AddAsync(listing, location, scope, cancellationToken);
        foreach (var skipped in listing.Skipped)
            report(skipped);
        return [.. ObjectSpans.Of(reader.Openable([.. listing.Objects.Where(scope.Has)], report))];
    }

    public Task ReadAsync(
        ArchiveObject one, Func<ReadOnlyMemory<byte>, bool> take, Action<TrailException> report, CancellationToken cancellationToken) =>
        reader.ReadAsync(location, one, take, report, cancellationToken);
}
