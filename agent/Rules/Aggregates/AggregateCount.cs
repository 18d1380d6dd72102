using System.Runtime.CompilerServices;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Aggregates;

/// <summary>What a row counts. Its texts are in the buffer of the roll-up.</summary>
struct AggregateCount
{
    public int Hash;
    public Piece Key;
    public long Events;

    /// <summary>The first and the last as they were read.</summary>
    public Position First;
    public Position Last;

    /// <summary>The earliest and the latest.</summary>
    public DateTimeOffset FirstAt;
    public DateTimeOffset LastAt;

    public int Names;
    public bool HasMoreNames;
    public NamePieces NameAt;

    /// <summary>A piece of the buffer.</summary>
    public readonly record struct Piece(int Start, int Length);

    [InlineArray(RollUp.MostNames)]
    public struct NamePieces
    {
        Piece first;
    }
}
