using ZstdSharp;

namespace ClusterTrail.Archive;

/// <summary>Reads zstd frames; damage is the platform's exception, as with gzip.</summary>
sealed class ZstdReader(Stream compressed) : ForwardStream
{
    readonly DecompressionStream frames = new(compressed, checkEndOfStream: true, leaveOpen: false);

    /// <exception cref="InvalidDataException">A frame is damaged, or the last one is cut off.</exception>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return frames.Read(buffer);
        }
        catch (Exception e) when (e is ZstdException or EndOfStreamException)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            frames.Dispose();
        }

        base.Dispose(disposing);
    }
}
