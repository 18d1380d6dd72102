using ClusterTrail.Archive;

namespace ClusterTrail.History.Reading;

/// <summary>Streams one after the other; all are closed with it.</summary>
sealed class JoinedStream(params IReadOnlyList<Stream> parts) : ForwardStream
{
    int at;

    /// <summary>Bytes that were read already, and what follows them.</summary>
    internal static JoinedStream Of(byte[] first, Stream rest) => new(new MemoryStream(first), rest);

    public override int Read(Span<byte> buffer)
    {
        for (; at < parts.Count; at++)
        {
            var read = parts[at].Read(buffer);
            if (read > 0 || buffer.IsEmpty)
                return read;
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var part in parts)
                part.Dispose();
        }

        base.Dispose(disposing);
    }
}
