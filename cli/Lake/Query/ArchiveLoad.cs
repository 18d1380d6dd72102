using System.Collections.Concurrent;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Lake.Events;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Lake.Query;

/// <summary>Reads the records of a time from an archive into a table: many objects at once, past whatever cannot be read.</summary>
sealed class ArchiveLoad(ArchiveSource source, TimeRange range, EventTable table)
{
    const int MostAtOnce = 8;

    static readonly int AtOnce = Math.Min(Environment.ProcessorCount + 1, MostAtOnce);

    readonly Lock observing = new();
    readonly ConcurrentBag<Worker> idle = [];
    readonly ConcurrentBag<ArchiveObject> damaged = [];
    long bytes, damagedBytes;

    /// <summary>How much was read, as records.</summary>
    internal long Bytes => Interlocked.Read(ref bytes);

    /// <summary>The objects that could not be read, or not whole.</summary>
    internal IReadOnlyCollection<ArchiveObject> Damaged => damaged;

    /// <summary>Whether the table has records of those that could not be read whole.</summary>
    internal bool HasParts => Interlocked.Read(ref damagedBytes) > 0;

    /// <summary>The objects that may have records of the time.</summary>
    internal static async Task<IReadOnlyList<ObjectSpan>> ListAsync(
        ArchiveSource source, TimeRange range, CancellationToken cancellationToken)
    {
        var archive = new ArchiveHistory(source.Location, source.Reader, source.LooksBack);
        var spans = await archive.ListAsync(source.Scope, source.Observer.Report, cancellationToken);
        return [.. spans.Where(span => span.MayMeet(range))];
    }

    /// <summary>Reads all of these.</summary>
    /// <exception cref="EventTableException">The table takes no more.</exception>
    internal async Task RunAsync(IReadOnlyList<ObjectSpan> spans, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        try
        {
            await Parallel.ForEachAsync(spans, options, async (span, ended) => await ReadAsync(span, ended));
            foreach (var worker in idle)
                worker.Flush();
        }
        finally
        {
            foreach (var worker in idle)
                worker.Dispose();
            idle.Clear();
        }
    }

    async Task ReadAsync(ObjectSpan span, CancellationToken cancellationToken)
    {
        var worker = idle.TryTake(out var rested) ? rested : new(table, range);
        var (read, isWhole) = (0L, true);
        try
        {
            await source.Reader.ReadAsync(source.Location, span.Object, Take, NoteAndReport, cancellationToken);
        }
        finally
        {
            idle.Add(worker);
        }

        if (!isWhole)
        {
            damaged.Add(span.Object);
            Interlocked.Add(ref damagedBytes, read);
        }

        Interlocked.Add(ref bytes, read);
        lock (observing)
            source.Observer.Done();

        bool Take(ReadOnlyMemory<byte> record)
        {
            read += record.Length;
            return worker.Take(record.Span, span.First);
        }

        void NoteAndReport(TrailException problem)
        {
            isWhole = false;
            Report(problem);
        }
    }

    void Report(TrailException problem)
    {
        lock (observing)
            source.Observer.Report(problem);
    }

    // An index and a chunk hold one object's records at a time, and keep their buffers for the next.
    sealed class Worker(EventTable table, TimeRange range) : IDisposable
    {
        // Around an event that is nested as deep as agents keep one there is the record.
        readonly JsonIndex index = new(JsonIndex.MaxDepth + 1);
        readonly int[] places = new int[RecordMember.Places];
        readonly EventChunk chunk = table.NewChunk();

        internal bool Take(ReadOnlySpan<byte> line, DateTimeOffset first)
        {
            if (!RecordColumns.TryRead(line, index, places, out var record))
                return false;
            // Where neither the record nor the name of its object says when, the object begins at the smallest time.
            var time = EventTime.Parse(record.Text(EventColumn.Time)) ?? (first == DateTimeOffset.MinValue ? null : first);
            if (range == TimeRange.All || range.Has(time ?? first))
                chunk.Add(record, time);
            if (chunk.IsFull)
                table.Add(chunk);
            return true;
        }

        internal void Flush()
        {
            if (!chunk.IsEmpty)
                table.Add(chunk);
        }

        public void Dispose() => chunk.Dispose();
    }
}
