using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Aggregates;

/// <summary>A row of a roll-up. Valid until it is cleared.</summary>
readonly ref struct AggregateRow
{
    readonly ref readonly AggregateCount count;
    readonly ReadOnlySpan<byte> texts;

    public AggregateRow(ref readonly AggregateCount count, ReadOnlySpan<byte> texts)
    {
        this.count = ref count;
        this.texts = texts;
    }

    /// <summary>How many events.</summary>
    public long Events => count.Events;

    /// <summary>When the window begins.</summary>
    public DateTimeOffset Window => AggregateKeyWriter.WindowOf(Key);

    /// <summary>Where the first and the last event stand, in the order in which they were read.</summary>
    public Position First => count.First;

    public Position Last => count.Last;

    /// <summary>When the earliest and the latest event happened.</summary>
    public DateTimeOffset FirstAt => count.FirstAt;

    public DateTimeOffset LastAt => count.LastAt;

    /// <summary>How many names of objects it keeps.</summary>
    public int Names => count.Names;

    /// <summary>Whether there were others than these.</summary>
    public bool HasMoreNames => count.HasMoreNames;

    /// <summary>Bytes of all texts.</summary>
    public int TextLength
    {
        get
        {
            var length = count.Key.Length;
            for (var at = 0; at < Names; at++)
                length += count.NameAt[at].Length;
            return length;
        }
    }

    /// <summary>An event that has what all of the row have in common, and nothing else.</summary>
    public AuditEvent Common => new()
    {
        Level = AuditLevel.Metadata,
        HasObject = AggregateKeyWriter.HasObject(Key),
        Stage = this[AggregatePart.Stage],
        UserName = this[AggregatePart.UserName],
        ImpersonatedUserName = this[AggregatePart.ImpersonatedUserName],
        Verb = this[AggregatePart.Verb],
        ApiGroup = this[AggregatePart.ApiGroup],
        Resource = this[AggregatePart.Resource],
        Subresource = this[AggregatePart.Subresource],
        Namespace = this[AggregatePart.Namespace],
        RequestUri = this[AggregatePart.Path],
        StatusCode = this[AggregatePart.StatusCode],
        StatusReason = this[AggregatePart.StatusReason],
        UserAgent = this[AggregatePart.UserAgent],
    };

    ReadOnlySpan<byte> Key => TextAt(count.Key);

    public ReadOnlySpan<byte> this[AggregatePart part] => AggregateKeyWriter.PartOf(Key, part);

    public ReadOnlySpan<byte> NameAt(int at) => TextAt(count.NameAt[at]);

    ReadOnlySpan<byte> TextAt(AggregateCount.Piece piece) => texts.Slice(piece.Start, piece.Length);
}
