using System.Numerics;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Aggregates;

/// <summary>Counts events that have a key in common, a row for each key. Once it has grown, nothing is allocated.</summary>
/// <remarks>
/// Guarantees: every event that was added is in the count of exactly one row. No row stands for events of several keys: who floods it with
/// keys hides nothing among them. When it is full, whoever fills it takes the rows and clears it.
/// </remarks>
sealed class RollUp(int mostRows = RollUp.MostRows, int mostBytes = RollUp.MostBytes)
{
    public const int MostRows = 16_384;

    /// <summary>Of keys and names.</summary>
    public const int MostBytes = 4 << 20;

    /// <summary>How many different names of objects a row keeps.</summary>
    public const int MostNames = 8;

    // Objects can have no longer ones; those of a path that was made up can.
    const int LongestName = 253;
    const int Reserve = AggregateKeyWriter.LongestKey + LongestName;
    const int FirstRows = 256;
    const int FirstBytes = 32 << 10;

    // What a record has beside the texts of its row, about. Some of the texts stand in it twice.
    const int BytesOfRecord = 900;
    const int BytesOfName = 3;

    // Made when there is something to count: most sources have nothing.
    int[] buckets = [];
    AggregateCount[] rows = [];
    byte[] texts = [];
    int textLength;

    /// <summary>How many rows there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many events are in them.</summary>
    public long Events { get; private set; }

    /// <summary>How many bytes their records will have, about.</summary>
    public long RecordBytes { get; private set; }

    public bool IsEmpty => Count == 0;

    /// <summary>Whether the next key may have no room.</summary>
    public bool IsFull => Count == mostRows || textLength > mostBytes - Reserve;

    /// <summary>In the order of their first events.</summary>
    public AggregateRow this[int at] => new(ref rows[at], texts);

    /// <summary>Counts an event.</summary>
    /// <exception cref="InvalidOperationException">It is full, and the event has a new key.</exception>
    public void Add(in AggregateKey key, Position position)
    {
        // It may make the rows grow, so it comes first.
        var at = RowOf(key, position);
        ref var row = ref rows[at];
        row.Last = position;
        row.FirstAt = key.Time < row.FirstAt ? key.Time : row.FirstAt;
        row.LastAt = key.Time > row.LastAt ? key.Time : row.LastAt;
        if (!key.Name.IsEmpty && !row.HasMoreNames)
            NoteName(ref row, key.Name);
        row.Events++;
        Events++;
    }

    public void Clear()
    {
        Array.Clear(buckets);
        (Count, Events, RecordBytes, textLength) = (0, 0, 0, 0);
    }

    int RowOf(in AggregateKey key, Position position)
    {
        if (buckets.Length == 0)
            buckets = new int[BitOperations.RoundUpToPowerOf2((uint)mostRows * 2)];
        var hashing = new HashCode();
        hashing.AddBytes(key.Bytes);
        var hash = hashing.ToHashCode();
        var mask = buckets.Length - 1;
        var bucket = hash & mask;
        for (; buckets[bucket] != 0; bucket = (bucket + 1) & mask)
        {
            ref readonly var row = ref rows[buckets[bucket] - 1];
            if (row.Hash == hash && TextAt(row.Key).SequenceEqual(key.Bytes))
                return buckets[bucket] - 1;
        }

        if (IsFull)
            throw new InvalidOperationException("The roll-up is full.");
        if (Count == rows.Length)
            Array.Resize(ref rows, Math.Min(Math.Max(FirstRows, rows.Length * 2), mostRows));
        rows[Count] = new()
        {
            Hash = hash,
            Key = Keep(key.Bytes),
            First = position,
            Last = position,
            FirstAt = key.Time,
            LastAt = key.Time,
        };
        RecordBytes += key.Bytes.Length + TwiceIn(key.Bytes) + BytesOfRecord;
        buckets[bucket] = ++Count;
        return Count - 1;
    }

    // They are in the event's name or source, and in the object.
    static int TwiceIn(ReadOnlySpan<byte> key) => AggregateKeyWriter.PartOf(key, AggregatePart.ApiGroup).Length
        + AggregateKeyWriter.PartOf(key, AggregatePart.Resource).Length + AggregateKeyWriter.PartOf(key, AggregatePart.Subresource).Length;

    void NoteName(ref AggregateCount row, ReadOnlySpan<byte> name)
    {
        for (var at = 0; at < row.Names; at++)
        {
            if (TextAt(row.NameAt[at]).SequenceEqual(name))
                return;
        }

        if (row.Names == MostNames || name.Length > LongestName || textLength > mostBytes - LongestName)
        {
            row.HasMoreNames = true;
            return;
        }

        row.NameAt[row.Names++] = Keep(name);
        RecordBytes += name.Length + BytesOfName;
    }

    AggregateCount.Piece Keep(ReadOnlySpan<byte> text)
    {
        if (text.Length > texts.Length - textLength)
            Array.Resize(ref texts, Math.Max(Math.Max(FirstBytes, texts.Length * 2), textLength + text.Length));
        text.CopyTo(texts.AsSpan(textLength));
        textLength += text.Length;
        return new(textLength - text.Length, text.Length);
    }

    ReadOnlySpan<byte> TextAt(AggregateCount.Piece piece) => texts.AsSpan(piece.Start, piece.Length);
}
