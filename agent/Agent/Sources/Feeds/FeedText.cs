using ClusterTrail.Archive;

namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>The plain text of what was stored, by its first bytes: gzip members and zstd frames, also within one another.</summary>
static class FeedText
{
    // CloudWatch compresses what it sends, and Firehose may compress that again.
    const int MostLayers = 3;

    // The clouds begin another object after minutes or at some hundred megabytes.
    const long MostUnpackedBytes = 16L << 30;

    /// <param name="mostUnpacked">How many bytes each layer may have.</param>
    /// <exception cref="InvalidDataException">Reading it: it is damaged, compressed too often, or too large.</exception>
    public static async ValueTask<Stream> OpenAsync(
        Stream stored, CancellationToken cancellationToken, long mostUnpacked = MostUnpackedBytes)
    {
        var text = stored;
        for (var layer = 0; layer <= MostLayers; layer++)
        {
            var first = new byte[Codecs.MagicBytes];
            var read = await text.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, cancellationToken);
            text = new Prefixed(first.AsMemory(0, read), text);
            if (Codecs.Of(first.AsSpan(0, read)) is not { } codec)
                return text;
            text = new Bounded(codec.Decompress(text), mostUnpacked);
        }

        await text.DisposeAsync();
        throw new InvalidDataException($"It is compressed more than {MostLayers} times.");
    }

    /// <summary>What is unpacked: without a limit some kilobytes could keep the feed for ever.</summary>
    sealed class Bounded(Stream text, long most) : ForwardStream
    {
        long unpacked;

        public override int Read(Span<byte> buffer) => Count(text.Read(buffer));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Count(await text.ReadAsync(buffer, cancellationToken));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                text.Dispose();
            base.Dispose(disposing);
        }

        int Count(int read) => (unpacked += read) <= most
            ? read : throw new InvalidDataException($"it has more than {most} bytes when it is unpacked");
    }

    sealed class Prefixed(ReadOnlyMemory<byte> first, Stream rest) : ForwardStream
    {
        ReadOnlyMemory<byte> first = first;

        public override int Read(Span<byte> buffer)
        {
            var read = TakeFirst(buffer);
            return read > 0 ? read : rest.Read(buffer);
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = TakeFirst(buffer.Span);
            return read > 0 ? read : await rest.ReadAsync(buffer, cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                rest.Dispose();
            base.Dispose(disposing);
        }

        int TakeFirst(Span<byte> buffer)
        {
            var read = Math.Min(buffer.Length, first.Length);
            first.Span[..read].CopyTo(buffer);
            first = first[read..];
            return read;
        }
    }
}
