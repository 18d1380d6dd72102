using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;

namespace ClusterTrail.WebConsole.Sources;

/// <summary>Which objects of the archive may have a record, from their names alone.</summary>
sealed class ObjectIndex
{
    readonly ILookup<(string Cluster, string Trail, string Node), ObjectSpan> spans;

    ObjectIndex(IEnumerable<ObjectSpan> all) => spans = all.Where(span => span.Object.Batch is not null).ToLookup(
        span => (span.Object.Batch!.Cluster, span.Object.Batch.Trail, span.Object.Batch.Node));

    /// <summary>Of a location that has no objects of agents, such as an export.</summary>
    internal static ObjectIndex None { get; } = new([]);

    internal bool IsEmpty => spans.Count == 0;

    internal static ObjectIndex Of(IReadOnlyList<ArchiveObject> objects) => new(ObjectSpans.Of(objects));

    /// <summary>The objects of the node that have the time, and where none has it exactly, those that may be a little late.</summary>
    internal IReadOnlyList<ArchiveObject> Find(string cluster, string trail, string node, DateTime time)
    {
        var (at, its) = (new DateTimeOffset(time), spans[(cluster, trail, node)].ToList());
        var exact = its.Where(span => span.First <= at && at <= span.Last).ToList();
        var moment = new TimeRange(at, at.AddTicks(1));
        return [.. (exact.Count > 0 ? exact : its.Where(span => span.MayMeet(moment))).Select(span => span.Object).Order()];
    }
}
