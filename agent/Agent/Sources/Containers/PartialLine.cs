using System.Buffers;

namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>A line of one stream that the runtime wrote in pieces, as far as it is there. Its memory is bounded.</summary>
sealed class PartialLine(int maxBytes)
{
    byte[] buffer = [];
    int kept;
    readonly byte[] time = new byte[RuntimeLine.LongestTime];
    int timeLength;

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
        var text = piece.Text[..Math.Min(piece.Text.Length, maxBytes - kept)];
        if (kept + text.Length > buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(kept + text.Length, buffer.Length * 2));
            Text.CopyTo(larger);
            Return();
            buffer = larger;
        }

        text.CopyTo(buffer.AsSpan(kept));
        kept += text.Length;
    }

    public void Clear()
    {
        Return();
        (buffer, kept, From, Bytes) = ([], 0, null, 0);
    }

    void Return()
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
