using System.Runtime.CompilerServices;
using ClusterTrail.History.Reading;

namespace ClusterTrail.History.Search;

/// <summary>Searches an archive or an export: many objects at once, and gives what it finds in the order of time.</summary>
/// <remarks>
/// Guarantees: memory does not depend on the size of the archive; what cannot be read is told, and the rest goes on.
/// Caveat: where more records of the same time are found than memory is for, they come out of order.
/// </remarks>
sealed class HistorySearch(IHistory history, SearchQuery query, ISearchObserver observer)
{
    // Found, and not given out yet.
    const long MostHeldBytes = 64 << 20;

    const int MostAtOnce = 8;

    // Records of an API server are written when requests end, nearly in the order of their times.
    static readonly TimeSpan OrderTolerance = TimeSpan.FromSeconds(5);

    static readonly int AtOnce = Math.Min(Environment.ProcessorCount + 1, MostAtOnce);

    readonly PriorityQueue<FoundRecord, (long Time, long Number)> held = new();
    long heldBytes;
    long number;

    /// <summary>The part of the archive that a query is about, given the names of nodes and the like.</summary>
    internal static ObjectScope Scope(TimeRange range, string? cluster, string? trail, string? node) => new(
        cluster, trail, node,
        range.Since is { } since ? DateOnly.FromDateTime(ObjectSpan.Earlier(since, TimeSpan.FromDays(1)).UtcDateTime) : null,
        range.Until is { } until ? DateOnly.FromDateTime(ObjectSpan.Later(until, ObjectSpan.Tolerance).UtcDateTime) : null);

    /// <param name="listed">All that may have something, also those before the time that is asked for.</param>
    /// <param name="cancellationToken">It ends at once.</param>
    internal async IAsyncEnumerable<FoundRecord> RunAsync(
        IReadOnlyList<ObjectSpan> listed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var spans = InOrder(listed.Where(span => span.MayMeet(query.Range)));
        observer.Found(spans.Count);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new Queue<Task<ObjectSearch>>();
        try
        {
            for (var (done, started) = (0, 0); done < spans.Count; done++)
            {
                while (started < spans.Count && running.Count < AtOnce && (heldBytes < MostHeldBytes || running.Count == 0))
                    running.Enqueue(Start(spans[started++], ended.Token));
                Hold(await running.Dequeue());
                while (TryTake(done + 1 < spans.Count ? spans[done + 1] : null, out var record))
                    yield return record;
            }
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(running).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    Task<ObjectSearch> Start(ObjectSpan span, CancellationToken cancellationToken) =>
        Task.Run(() => new ObjectSearch(query, span).RunAsync(history, cancellationToken), cancellationToken);

    List<ObjectSpan> InOrder(IEnumerable<ObjectSpan> spans) => query.IsNewestFirst
        ? [.. spans.OrderByDescending(span => span.Last).ThenByDescending(span => span.Object)]
        : [.. spans.OrderBy(span => span.First).ThenBy(span => span.Object)];

    void Hold(ObjectSearch search)
    {
        observer.Done();
        search.Problems.ForEach(observer.Report);
        foreach (var record in search.Found)
        {
            held.Enqueue(record, (Key(record.Time), query.IsNewestFirst ? -number : number));
            number++;
        }

        heldBytes += search.Bytes;
    }

    // All before it, in this order, is there once the next object is read, which begins here.
    bool TryTake(ObjectSpan? next, out FoundRecord record)
    {
        if (!held.TryPeek(out record, out var key)
            || (!query.IsOfAnyOrder && next is not null && key.Time >= Bound(next) && heldBytes < MostHeldBytes))
            return false;
        held.Dequeue();
        heldBytes -= record.Line.Length;
        return true;
    }

    long Bound(ObjectSpan next) => query.IsNewestFirst
        ? Key(ObjectSpan.Later(next.Last, OrderTolerance))
        : Key(ObjectSpan.Earlier(next.First, OrderTolerance));

    long Key(DateTimeOffset time) => query.IsNewestFirst ? -time.UtcTicks : time.UtcTicks;
}
