using System.Buffers;
using System.Buffers.Text;
using ClusterTrail.Rules.Events;
using DuckDB.NET.Native;
using static DuckDB.NET.Native.NativeMethods;

namespace ClusterTrail.Lake.Events;

/// <summary>Rows that were not given to DuckDB yet, in its own layout: no value becomes a string on the way.</summary>
/// <remarks>Caveat: one thread at a time.</remarks>
sealed unsafe class EventChunk : IDisposable
{
    // Records may have 80 MiB each.
    const long MostBytes = 8 << 20;

    static readonly int MostRows = (int)Helpers.DuckDBVectorSize();
    readonly EventColumn[] texts, lists, jsons, unused;
    readonly bool hasTime, hasStatus, hasCount;
    readonly nint[] vectors = new nint[TableColumn.All.Count];
    readonly ulong[] listed = new ulong[TableColumn.All.Count];
    int rows;
    long bytes;

    /// <param name="types">Of the table's columns.</param>
    /// <param name="filled">The columns that get their values; the others are NULL.</param>
    internal EventChunk(IReadOnlyList<DuckDBLogicalType> types, IReadOnlySet<EventColumn> filled)
    {
        texts = [.. TableColumn.All.Where(column => column.IsText && filled.Contains(column.Column)).Select(column => column.Column)];
        lists = [.. TableColumn.All.Where(column => column.IsList && filled.Contains(column.Column)).Select(column => column.Column)];
        jsons = [.. TableColumn.All.Where(column => column.IsJson && filled.Contains(column.Column)).Select(column => column.Column)];
        unused = [.. Enum.GetValues<EventColumn>().Where(column => !filled.Contains(column))];
        (hasTime, hasStatus) = (filled.Contains(EventColumn.Time), filled.Contains(EventColumn.Status));
        hasCount = filled.Contains(EventColumn.Count);
        Chunk = DataChunks.DuckDBCreateDataChunk([.. types.Select(type => type.DangerousGetHandle())], (ulong)types.Count);
        Clear();
    }

    internal DuckDBDataChunk Chunk { get; }

    internal bool IsEmpty => rows == 0;

    internal bool IsFull => rows == MostRows || bytes >= MostBytes;

    internal void Add(in RecordColumns record, DateTimeOffset? time)
    {
        var row = (ulong)rows;
        foreach (var column in texts)
            Add(column, row, record.Text(column));
        foreach (var column in lists)
            AddList(column, row, record);
        foreach (var column in unused)
            SetNull(column, row);
        if (hasTime)
            AddTime(row, time);
        if (hasStatus)
            AddStatus(row, record.Text(EventColumn.Status));
        foreach (var column in jsons)
            AddJson(column, row, record.Json(column));
        if (hasCount)
            AddCount(row, record.Count);
        rows++;
    }

    /// <summary>Tells DuckDB how many rows there are, before it takes them.</summary>
    internal void Complete()
    {
        foreach (var column in lists)
            Vectors.DuckDBListVectorSetSize(vectors[(int)column], listed[(int)column]);
        DataChunks.DuckDBDataChunkSetSize(Chunk, (ulong)rows);
    }

    internal void Clear()
    {
        DataChunks.DuckDBDataChunkReset(Chunk);
        (rows, bytes) = (0, 0);
        listed.AsSpan().Clear();
        for (var at = 0; at < vectors.Length; at++)
        {
            vectors[at] = DataChunks.DuckDBDataChunkGetVector(Chunk, at);
            Vectors.DuckDBVectorEnsureValidityWritable(vectors[at]);
        }
    }

    public void Dispose() => Chunk.Dispose();

    void* Data(EventColumn column) => Vectors.DuckDBVectorGetData(vectors[(int)column]);

    void SetNull(EventColumn column, ulong row) =>
        ValidityMask.DuckDBValiditySetRowValidity(Vectors.DuckDBVectorGetValidity(vectors[(int)column]), row, false);

    void AddTime(ulong row, DateTimeOffset? time)
    {
        if (time is { } known)
            ((long*)Data(EventColumn.Time))[row] = (known.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        else
            SetNull(EventColumn.Time, row);
    }

    void AddStatus(ulong row, ReadOnlySpan<byte> written)
    {
        if (Utf8Parser.TryParse(written, out int status, out var read) && read == written.Length)
            ((int*)Data(EventColumn.Status))[row] = status;
        else
            SetNull(EventColumn.Status, row);
    }

    void AddCount(ulong row, long? count)
    {
        if (count is { } known)
            ((long*)Data(EventColumn.Count))[row] = known;
        else
            SetNull(EventColumn.Count, row);
    }

    void Add(EventColumn column, ulong row, ReadOnlySpan<byte> written)
    {
        if (written.IsEmpty)
            SetNull(column, row);
        else
            AddWritten(vectors[(int)column], row, written);
    }

    void AddList(EventColumn column, ulong row, in RecordColumns record)
    {
        var (vector, first, next) = (vectors[(int)column], listed[(int)column], listed[(int)column]);
        if (!record.TryList(column, out var items))
            SetNull(column, row);
        foreach (var item in items)
        {
            Vectors.DuckDBListVectorReserve(vector, next + 1);
            AddWritten(Vectors.DuckDBListVectorGetChild(vector), next, record.Item(item));
            next++;
        }

        ((ulong*)Vectors.DuckDBVectorGetData(vector))[2 * row] = first;
        ((ulong*)Vectors.DuckDBVectorGetData(vector))[(2 * row) + 1] = next - first;
        listed[(int)column] = next;
    }

    void AddJson(EventColumn column, ulong row, ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            SetNull(column, row);
            return;
        }

        if (!Surrogates.MayBeIn(json))
        {
            AddPlain(vectors[(int)column], row, json);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(json.Length);
        json.CopyTo(buffer);
        Surrogates.Replace(buffer.AsSpan(0, json.Length));
        AddPlain(vectors[(int)column], row, buffer.AsSpan(0, json.Length));
        ArrayPool<byte>.Shared.Return(buffer);
    }

    void AddWritten(nint vector, ulong row, ReadOnlySpan<byte> written)
    {
        if (!written.Contains((byte)'\\'))
        {
            AddPlain(vector, row, written);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(written.Length);
        AddPlain(vector, row, buffer.AsSpan(0, JsonEscapes.Unescape(written, buffer)));
        ArrayPool<byte>.Shared.Return(buffer);
    }

    void AddPlain(nint vector, ulong row, ReadOnlySpan<byte> text)
    {
        fixed (byte* start = text)
            Vectors.DuckDBVectorAssignStringElementLength(vector, row, start, text.Length);
        bytes += text.Length;
    }
}
