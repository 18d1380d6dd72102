using ClusterTrail.History.Reading;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.History.Search;

/// <summary>Searches one object.</summary>
/// <remarks>A record becomes an object of its own only if it is found; of most not even the JSON is looked at.</remarks>
sealed class ObjectSearch(SearchQuery query, ObjectSpan span)
{
    static ReadOnlySpan<byte> EscapedAscii => "\\u00"u8;

    // Around an event that is nested as deep as agents keep one there is the record.
    readonly JsonIndex index = new(JsonIndex.MaxDepth + 1);

    /// <summary>In the order in which they stand there.</summary>
    internal List<FoundRecord> Found { get; private set; } = [];

    internal List<TrailException> Problems { get; } = [];

    internal long Bytes { get; private set; }

    internal async Task<ObjectSearch> RunAsync(IHistory history, CancellationToken cancellationToken)
    {
        await history.ReadAsync(span.Object, Take, Problems.Add, cancellationToken);
        return this;
    }

    bool Take(ReadOnlyMemory<byte> record)
    {
        var line = record.Span;
        if (query.Test is { } test && !MayHold(test.Needed, line))
            return line[0] == (byte)'{';
        if (!RecordView.TryRead(line, index, out var view))
            return false;
        if ((query.Range == TimeRange.All || IsInTime(view)) && query.Test?.Holds(view) != false)
        {
            Found.Add(new(line.ToArray(), EventTime.Parse(view.Time) ?? span.First));
            Bytes += line.Length;
            if (query.Limit > 0 && Found.Count >= 2 * query.Limit)
                KeepFirst(query.Limit);
        }

        return true;
    }

    // Of more than are asked for, those that come first in the order that is asked for.
    void KeepFirst(int limit)
    {
        Found = query.IsNewestFirst
            ? [.. Enumerable.Reverse(Found).OrderByDescending(record => record.Time).Take(limit).Reverse()]
            : [.. Found.OrderBy(record => record.Time).Take(limit)];
        Bytes = Found.Sum(record => (long)record.Line.Length);
    }

    bool IsInTime(in RecordView view) => query.Range.Has(EventTime.Parse(view.Time) ?? span.First);

    // JSON may spell letters as escapes, whatever today's writers do.
    static bool MayHold(IReadOnlyList<byte[]> needed, ReadOnlySpan<byte> line)
    {
        if (needed.Count == 0)
            return true;
        for (var at = 0; at < needed.Count; at++)
        {
            if (line.IndexOf(needed[at]) >= 0)
                return true;
        }

        return line.IndexOf(EscapedAscii) >= 0;
    }
}
