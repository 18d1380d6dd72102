using System.Buffers;
using System.Text;

namespace ClusterTrail.Rules.Events;

/// <summary>A string that is read in pieces, and kept as far as there is room: whole characters of it.</summary>
/// <remarks>Bytes that are not UTF-8 become U+FFFD, as for the API server's own decoder.</remarks>
sealed class ReducedString
{
    const int EscapedUnit = 6;

    static readonly SearchValues<byte> Plain =
        SearchValues.Create([.. Enumerable.Range(0x20, 0x60).Select(one => (byte)one).Except("\"\\"u8.ToArray())]);

    static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    readonly byte[] unit = new byte[EscapedUnit];
    int unitBytes;
    int unitLength;
    int left;
    bool endsHigh;

    /// <summary>Where it began in the line: its quote.</summary>
    public long Start { get; private set; }

    /// <summary>Whether the last piece had its end.</summary>
    public bool IsEnded { get; private set; }

    public bool IsCut { get; private set; }

    /// <summary>Whether it is no string of JSON.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether any string since the last <see cref="Clear"/> had bytes that are not UTF-8.</summary>
    public bool WasInvalid { get; private set; }

    public void Clear() => (IsBroken, WasInvalid) = (false, false);

    /// <param name="room">How many bytes of it are kept at most.</param>
    public void Begin(long start, int room)
    {
        (Start, left) = (start, room);
        (unitBytes, IsEnded, IsCut, endsHigh) = (0, false, false, false);
    }

    /// <summary>Takes what belongs to it of a piece, and its closing quote; returns how much that is.</summary>
    /// <param name="text">Where it is kept; null when it is not.</param>
    public int Take(ReadOnlySpan<byte> piece, ReducedText? text)
    {
        for (var at = 0; at < piece.Length;)
        {
            if (unitBytes > 0)
            {
                at += TakeUnit(piece[at], text) ? 1 : 0;
                continue;
            }

            var plain = piece[at..].IndexOfAnyExcept(Plain);
            var part = plain < 0 ? piece[at..] : piece.Slice(at, plain);
            Keep(part[..Math.Min(part.Length, left)], part.Length, text);
            at += part.Length;
            if (plain < 0)
            {
                break;
            }

            if (piece[at] == (byte)'"')
            {
                End(text);
                return at + 1;
            }

            BeginUnit(piece[at++], text);
            if (IsBroken)
            {
                break;
            }
        }

        return piece.Length;
    }

    void End(ReducedText? text)
    {
        IsEnded = true;
        if (IsCut && endsHigh)
        {
            // The first half of a pair means nothing without the second.
            text?.Drop(EscapedUnit);
        }
    }

    void BeginUnit(byte first, ReducedText? text)
    {
        (unit[0], unitBytes) = (first, 1);
        unitLength = first switch
        {
            (byte)'\\' => 2,
            >= 0xC2 and < 0xE0 => 2,
            >= 0xE0 and < 0xF0 => 3,
            >= 0xF0 and < 0xF5 => 4,
            _ => 1,
        };
        IsBroken = first < 0x20;
        if (unitLength == 1 && !IsBroken)
        {
            Replace(text);
        }
    }

    // False for a byte that is not part of what was begun.
    bool TakeUnit(byte one, ReducedText? text)
    {
        var isEscape = unit[0] == (byte)'\\';
        if (!isEscape && (one & 0xC0) != 0x80)
        {
            Replace(text);
            return false;
        }

        unit[unitBytes++] = one;
        if (isEscape && unitBytes == 2)
        {
            unitLength = one == (byte)'u' ? EscapedUnit : 2;
            IsBroken = !"\"\\/bfnrtu"u8.Contains(one);
        }
        else if (isEscape)
        {
            IsBroken |= !HexDigits.Contains(one);
        }

        if (unitBytes == unitLength)
        {
            EndUnit(isEscape, text);
        }

        return true;
    }

    void EndUnit(bool isEscape, ReducedText? text)
    {
        var written = unit.AsSpan(0, unitLength);
        if (!isEscape && Rune.DecodeFromUtf8(written, out _, out _) != OperationStatus.Done)
        {
            Replace(text);
            return;
        }

        unitBytes = 0;
        var plainer = unitLength == EscapedUnit ? Plainer(written) : written;
        Keep(plainer.Length <= left ? plainer : [], plainer.Length, text);
        endsHigh = IsCut ? endsHigh : plainer.Length == EscapedUnit && IsHighSurrogate(written);
    }

    void Replace(ReducedText? text)
    {
        (unitBytes, WasInvalid) = (0, true);
        Keep(left >= 3 ? "\uFFFD"u8 : [], 3, text);
    }

    // The API server escapes these, and what is not UTF-8; JSON need not.
    static ReadOnlySpan<byte> Plainer(ReadOnlySpan<byte> escape) => escape[2..] switch
    {
        [(byte)'0', (byte)'0', (byte)'3', (byte)'c' or (byte)'C'] => "<"u8,
        [(byte)'0', (byte)'0', (byte)'3', (byte)'e' or (byte)'E'] => ">"u8,
        [(byte)'0', (byte)'0', (byte)'2', (byte)'6'] => "&"u8,
        [(byte)'f', (byte)'f', (byte)'f', (byte)'d'] => "\uFFFD"u8,
        _ => escape,
    };

    static bool IsHighSurrogate(ReadOnlySpan<byte> escape) =>
        escape[2] is (byte)'d' or (byte)'D' && escape[3] is (byte)'8' or (byte)'9' or (byte)'a' or (byte)'A' or (byte)'b' or (byte)'B';

    void Keep(scoped ReadOnlySpan<byte> part, int whole, ReducedText? text)
    {
        if (IsCut || whole == 0)
        {
            return;
        }

        IsCut = part.Length < whole;
        left -= part.Length;
        endsHigh &= IsCut;
        text?.Append(part);
    }
}
