using ClusterTrail.History.Reading;

namespace ClusterTrail.History.Search;

/// <summary>
/// Finds batches that began before the days of a listing, and may reach into them: those of an agent that read an old log.
/// </summary>
/// <remarks>
/// Names tell where a batch ends if the next one of its source is there. Assumption: a batch does not reach over more than a month.
/// Caveats: days with many objects are not looked through; of sources that ended only the last <see cref="MostEnded"/> count.
/// </remarks>
static class EarlierBatches
{
    const int MostDays = 31;

    // About twenty requests of a bucket, or as many days as there are for a small cluster.
    const int MostObjects = 20_000;

    // A node that went away has a last batch of which nobody knows the end, and each is an object to read.
    const int MostEnded = 64;

    /// <summary>The listing, with the batches of the days before it that may reach into it.</summary>
    internal static async Task<Listing> AddAsync(
        Listing listing, ILocation location, ObjectScope scope, CancellationToken cancellationToken)
    {
        if (scope.First is not { } first)
            return listing;
        var (keys, names) = (
            listing.Objects.Select(one => one.Key).ToHashSet(), listing.Skipped.Select(skipped => skipped.Name).ToHashSet());
        var (earlier, skipped) = (new List<ArchiveObject>(), new List<ObjectException>());
        for (var (days, expected) = (1, 0); days < MostDays && expected <= MostObjects; days *= 2)
        {
            if (first.DayNumber < days)
                break;
            var found = await location.ListAsync(
                scope with { First = first.AddDays(-days), Last = first.AddDays(-1) }, cancellationToken);
            first = first.AddDays(-days);
            var others = found.Objects.Where(one => keys.Add(one.Key)).ToList();
            // A location below the days is listed whole each time.
            if (found.Objects.Count > 0 && others.Count == 0)
                break;
            earlier.AddRange(others);
            skipped.AddRange(found.Skipped.Where(one => names.Add(one.Name)));
            expected = 2 * found.Objects.Count;
        }

        return new([.. Reaching(earlier, listing.Objects), .. listing.Objects], [.. listing.Skipped, .. skipped]);
    }

    static IEnumerable<ArchiveObject> Reaching(IReadOnlyList<ArchiveObject> earlier, IReadOnlyList<ArchiveObject> listed)
    {
        var followed = earlier.Concat(listed).Select(one => one.Batch).OfType<Archive.BatchName>()
            .Select(batch => (batch.Cluster, batch.Trail, batch.Node, batch.Source, batch.Sequence)).ToHashSet();
        var byEnd = earlier.Where(one => one.Batch is not null).ToLookup(one => one.Batch is { } batch
            && followed.Contains((batch.Cluster, batch.Trail, batch.Node, batch.Source, batch.Sequence + 1)));
        return byEnd[true].Concat(byEnd[false].OrderDescending().Take(MostEnded)).Order();
    }
}
