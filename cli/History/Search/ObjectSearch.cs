using ClusterTrail.History.Reading;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.History.Search;

/// <summary>Searches one object.</summary>
/// <remarks>A record becomes an object of its own only if it is found; of most not even the JSON is looked at.</remarks>
sealed class ObjectSearch(SearchQuery query, ObjectSpan span)
{
    static ReadOnlySpan<byte> EscapedAscii => "\\u00"u8;

    readonly JsonIndex index = new();
    // Where all of the object is asked for, the time of each record is not compared.
    readonly bool isWhollyAskedFor = query.Range.Covers(
        ObjectSpan.Earlier(span.First, ObjectSpan.Tolerance), ObjectSpan.Later(span.Last, ObjectSpan.Tolerance));

    /// <summary>In the order in which they stand there.</summary>
    internal List<FoundRecord> Found { get; } = [];

    internal List<TrailException> Problems { get; } = [];

    internal long Bytes { get; private set; }

    internal async Task<ObjectSearch> RunAsync(ObjectReader reader, ILocation location, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(location, span.Object, Take, Problems.Add, cancellationToken);
        return this;
    }

    bool Take(ReadOnlyMemory<byte> record)
    {
        var line = record.Span;
        if (query.Test is { } test && !MayHold(test.Needed, line))
            return line[0] == (byte)'{';
        if (!RecordView.TryRead(line, index, out var view))
            return false;
        if ((isWhollyAskedFor || IsInTime(view)) && query.Test?.Holds(view) != false)
        {
            Found.Add(new(line.ToArray(), EventTime.Parse(view.Time) ?? span.First));
            Bytes += line.Length;
        }

        return true;
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
