using System.Collections.Concurrent;
using System.Globalization;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Kubectl.Archives;
using ClusterTrail.Verification.Keys;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>Anchors with what was replaced or deleted in their places, in a bucket that keeps versions.</summary>
/// <remarks>Guarantee: whatever somebody writes there, what is held of a place is bounded.</remarks>
sealed class VersionedAnchors(IVersionedStore bucket, ArchiveScope scope, TrustedKeys keys)
{
    const int PlacesAtOnce = 8;
    const int VersionsAtOnce = 4;
    const int ReadAhead = 256;

    // Versions of a chain that moves are not read from before, unless --since says so: an hourly anchor has 8,760 a year.
    static readonly TimeSpan ReadsBack = TimeSpan.FromDays(30);

    /// <summary>
    /// How many versions of a place are read at most, the newest. An operator writes one a minute at most, 43,200 in 30 days.
    /// </summary>
    internal int MostVersions { get; init; } = 50_000;

    internal async Task<IReadOnlyList<AnchorHistory>> ReadAsync(DateTimeOffset now, List<string> notes, CancellationToken cancellationToken)
    {
        var since = scope.Since < now - ReadsBack ? scope.Since.Value : now - ReadsBack;
        var places = new ConcurrentQueue<AnchorHistory>();
        var (older, all) = (0L, AnchorTree.VersionsAsync(bucket, scope, MostVersions, cancellationToken));
        await Parallel.ForEachAsync(all, AtOnce(PlacesAtOnce, cancellationToken), async (place, stopping) =>
        {
            var (history, unread) = await ReadAsync(place, since, stopping);
            Interlocked.Add(ref older, unread + place.More);
            var isFlooded = place.More > 0 && place.Versions[^1].At >= now - ReadsBack;
            places.Enqueue(isFlooded ? history with { FloodedBeyond = MostVersions } : history);
        });
        if (places.Count(place => !place.HasVersions) is > 0 and var without)
            notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{bucket.Name} keeps no versions of {without} of {places.Count} anchors. If somebody wrote an older one again, this does "
                    + $"not show."));
        if (older > 0)
            notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{older} versions of anchors from before {SignedTime.Text(since)} were not read; an earlier --since reads them, up to "
                    + $"{MostVersions} of an anchor."));
        return [.. places];
    }

    async Task<(AnchorHistory History, long Unread)> ReadAsync(
        PlaceVersions place, DateTimeOffset since, CancellationToken cancellationToken)
    {
        // One from before says how far it was at the beginning.
        var recent = place.Versions.TakeWhile(one => one.IsLatest || one.At >= since).ToList();
        var wanted = recent.Concat(place.Versions.Skip(recent.Count).Where(one => !one.IsDeletion).Take(1)).ToList();
        var history = await ReadAsync(null, wanted, cancellationToken);
        var rest = place.Versions.Skip(recent.Count).Except(wanted).ToList();
        // Of a chain that has not moved since, the furthest may be any: somebody may have had a month to hide it behind older ones.
        if (rest.Count == 0 || history!.Furthest?.AnchoredAt >= since)
            return (history!, rest.Count);
        return ((await ReadAsync(history, rest, cancellationToken))!, 0);
    }

    async Task<AnchorHistory?> ReadAsync(AnchorHistory? history, IEnumerable<StoredVersion> versions, CancellationToken cancellationToken)
    {
        foreach (var some in versions.Chunk(ReadAhead))
        {
            var read = new AnchorVersion[some.Length];
            await Parallel.ForEachAsync(
                some.Index(), AtOnce(VersionsAtOnce, cancellationToken),
                async (one, token) => read[one.Index] = await ReadAsync(one.Item, token));
            foreach (var one in read)
                history = history?.Before(one) ?? AnchorHistory.Of(one);
        }

        return history;
    }

    // Who may not read versions may read the newest one.
    async Task<AnchorVersion> ReadAsync(StoredVersion version, CancellationToken cancellationToken)
    {
        if (version.IsDeletion)
            return new(version, null, "it was deleted");
        try
        {
            return await AnchorVersion.ReadAsync(
                version,
                () => version.IsLatest ? bucket.OpenAsync(version.Name, cancellationToken) : bucket.OpenAsync(version, cancellationToken),
                keys, cancellationToken);
        }
        catch (StoreException e)
        {
            return new(version, null, e.Message.TrimEnd('.'), IsUnread: true);
        }
    }

    static ParallelOptions AtOnce(int most, CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = most, CancellationToken = cancellationToken };
}
