using System.Buffers;

namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>A line of one stream that the runtime wrote in pieces, as far as it is there. Its memory is bounded.</summary>
sealed class PartialLine
{
    // What a line keeps when all lines together take too much.
    const int HeadBytes = 256;

    readonly PartialLines all;
    readonly int maxBytes;
    readonly LinkedListNode<PartialLine> place;
    readonly byte[] time = new byte[RuntimeLine.LongestTime];
    byte[] buffer = [];
    int kept;
    int timeLength;
    bool isCut;

    public PartialLine(PartialLines all, int maxBytes) => (this.all, this.maxBytes, place) = (all, maxBytes, new(this));

    /// <summary>Where it begins in the log; null while there is none.</summary>
    public long? From { get; private set; }

    /// <summary>How many bytes it has, kept or not.</summary>
    public long Bytes { get; private set; }

    public ReadOnlySpan<byte> Text => buffer.AsSpan(0, kept);

    public ReadOnlySpan<byte> Time => time.AsSpan(0, timeLength);

    /// <summary>Notes where it begins, as a checkpoint has it; its pieces follow.</summary>
    public void Expect(long? from) => From = from;

    public void Append(RuntimeLine piece, long at)
    {
        From ??= at;
        if (Bytes == 0)
        {
            piece.Time.CopyTo(time);
            timeLength = piece.Time.Length;
        }

        Bytes += piece.Text.Length;
        if (!isCut)
        {
            Keep(piece.Text[..Math.Min(piece.Text.Length, maxBytes - kept)]);
        }
    }

    /// <summary>Keeps only the beginning, from now on too.</summary>
    public void Cut()
    {
        isCut = true;
        kept = Math.Min(kept, HeadBytes);
        Resize(kept);
    }

    public void Clear()
    {
        all.End(place);
        kept = 0;
        Resize(0);
        (From, Bytes, isCut) = (null, 0, false);
    }

    void Keep(ReadOnlySpan<byte> text)
    {
        if (kept + text.Length > buffer.Length)
        {
            Resize(Math.Max(kept + text.Length, buffer.Length * 2));
        }

        text.CopyTo(buffer.AsSpan(kept));
        kept += text.Length;
        all.Begin(place);
        all.Bound();
    }

    void Resize(int bytes)
    {
        var before = buffer;
        var now = bytes == 0 ? [] : ArrayPool<byte>.Shared.Rent(bytes);
        Text.CopyTo(now);
        buffer = now;
        all.Resized(now.Length - before.Length);
        if (before.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(before);
        }
    }
}
