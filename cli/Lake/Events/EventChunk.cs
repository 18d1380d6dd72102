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
    static readonly EventColumn[] Texts = [.. TableColumn.All.Where(column => column.Type == "VARCHAR").Select(column => column.Column)];
    static readonly EventColumn[] Lists = [EventColumn.Groups, EventColumn.Arguments];

    readonly nint[] vectors = new nint[TableColumn.All.Count];
    readonly ulong[] listed = new ulong[TableColumn.All.Count];
    int rows;
    long bytes;

    /// <param name="types">Of the table's columns.</param>
    internal EventChunk(IReadOnlyList<DuckDBLogicalType> types)
    {
        Chunk = DataChunks.DuckDBCreateDataChunk([.. types.Select(type => type.DangerousGetHandle())], (ulong)types.Count);
        Clear();
    }

    internal DuckDBDataChunk Chunk { get; }

    internal bool IsEmpty => rows == 0;

    internal bool IsFull => rows == MostRows || bytes >= MostBytes;

    internal void Add(in RecordColumns record, DateTimeOffset? time)
    {
        var row = (ulong)rows;
        if (time is { } known)
            ((long*)Data(EventColumn.Time))[row] = (known.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        else
            SetNull(EventColumn.Time, row);
        foreach (var column in Texts)
            Add(column, row, record.Text(column));
        foreach (var column in Lists)
            AddList(column, row, record);
        if (Utf8Parser.TryParse(record.Text(EventColumn.Status), out int status, out var read) && read == record.Text(EventColumn.Status).Length)
            ((int*)Data(EventColumn.Status))[row] = status;
        else
            SetNull(EventColumn.Status, row);
        AddPlain(vectors[(int)EventColumn.Record], row, record.Record);
        rows++;
    }

    /// <summary>Tells DuckDB how many rows there are, before it takes them.</summary>
    internal void Complete()
    {
        foreach (var column in Lists)
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
