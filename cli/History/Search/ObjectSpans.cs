using ClusterTrail.History.Reading;

namespace ClusterTrail.History.Search;

/// <summary>From when to when the records of objects are, from their names alone.</summary>
/// <remarks>
/// A name tells the time of the first record. Records of a source come in order, so those of a batch end where the next batch of the same
/// source begins. Where no batch follows, nobody knows the end; where the times of names go back, a batch may have begun earlier than its
/// name says: a clock was set back, or its first line was none and has the time at which it was read.
/// Caveat: of containers' output only the lines of each container are in order.
/// </remarks>
static class ObjectSpans
{
    /// <summary>Those whose names do not tell have all of time.</summary>
    internal static IEnumerable<ObjectSpan> Of(IReadOnlyList<ArchiveObject> objects)
    {
        var unnamed = objects
            .Where(one => one.Batch is null)
            .Select(one => new ObjectSpan(one, DateTimeOffset.MinValue, DateTimeOffset.MaxValue));
        var named = objects
            .Where(one => one.Batch is not null)
            .GroupBy(one => (one.Batch!.Cluster, one.Batch.Trail, one.Batch.Node, one.Batch.Source))
            .SelectMany(OfSource);
        return unnamed.Concat(named);
    }

    // A source that lost its state counts from 1 again: a number may be that of several.
    static IEnumerable<ObjectSpan> OfSource(IEnumerable<ArchiveObject> objects)
    {
        var batches = objects.ToLookup(one => one.Batch!.Sequence);
        foreach (var one in batches.SelectMany(same => same))
        {
            var own = one.Batch!.FirstEvent;
            var before = batches[one.Batch.Sequence - 1].Select(other => other.Batch!.FirstEvent).ToList();
            var after = batches[one.Batch.Sequence + 1].Select(other => other.Batch!.FirstEvent).ToList();
            var goesBack = after.Exists(next => next < own);
            yield return new(
                one,
                !goesBack ? own : before.Count == 0 ? DateTimeOffset.MinValue : before.Concat(after).Min(),
                after.Count == 0 ? DateTimeOffset.MaxValue : after.Append(own).Max());
        }
    }
}
