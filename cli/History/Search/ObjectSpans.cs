using ClusterTrail.History.Reading;

namespace ClusterTrail.History.Search;

/// <summary>From when to when the records of objects are, from their names alone.</summary>
/// <remarks>
/// A name tells the time of the first record. Records of a source come in order, so those of a batch end where the next batch of the same
/// source begins. Caveats: of containers' output only the lines of each container are in order, and clocks may jump.
/// </remarks>
static class ObjectSpans
{
    // Of a source's last batch, and of one behind which a number is missing.
    static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Those whose names do not tell have all of time.</summary>
    internal static IEnumerable<ObjectSpan> Of(IReadOnlyList<ArchiveObject> objects)
    {
        var unnamed = objects.Where(one => one.Batch is null).Select(one => new ObjectSpan(one, DateTimeOffset.MinValue, DateTimeOffset.MaxValue));
        var named = objects
            .Where(one => one.Batch is not null)
            .GroupBy(one => (one.Batch!.Cluster, one.Batch.Trail, one.Batch.Node, one.Batch.Source))
            .SelectMany(OfSource);
        return unnamed.Concat(named);
    }

    static IEnumerable<ObjectSpan> OfSource(IEnumerable<ArchiveObject> objects)
    {
        var ordered = objects.OrderBy(one => one.Batch!.FirstEvent).ThenBy(one => one.Batch!.Sequence).ToList();
        for (var at = 0; at < ordered.Count; at++)
        {
            var batch = ordered[at].Batch!;
            var isFollowed = at + 1 < ordered.Count && ordered[at + 1].Batch!.Sequence == batch.Sequence + 1;
            yield return new(ordered[at], batch.FirstEvent, isFollowed ? ordered[at + 1].Batch!.FirstEvent : batch.FirstEvent + Longest);
        }
    }
}
