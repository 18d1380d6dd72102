using System.IO.Compression;
using System.Security.Cryptography;
using ClusterTrail.Archive;

namespace ClusterTrail.Kubectl.Reading;

/// <summary>The records of a batch: the lines in one or more zstd frames or gzip members.</summary>
static class Records
{
    // Requests may nest deeper than the platform's default of 64: definitions of custom resources do.
    internal const int MaxJsonDepth = 10_000;

    const int MarkBytes = 32;

    /// <summary>The lines without their line feeds, one at a time; each is valid until the next is asked for.</summary>
    /// <exception cref="DamagedException">Met while reading, or at the end, where something is missing.</exception>
    internal static IEnumerable<ReadOnlyMemory<byte>> Read(byte[] body, Codec codec)
    {
        Check(body, codec);
        return codec == Codec.Zstd ? OfZstd(body) : OfGzip(body);
    }

    static void Check(byte[] body, Codec codec)
    {
        var found = Codecs.Of(body);
        if (body.Length < Codecs.MagicBytes)
            throw new DamagedException($"it is truncated: it has {body.Length} bytes");
        if (found is null)
            throw new DamagedException($"it does not begin as {codec.Name()} does");
        if (found != codec)
            throw new DamagedException(
                $"it is {found.Value.Name()}, and its name says {codec.Name()}; give its name the ending {found.Value.Ending()}");
    }

    static IEnumerable<ReadOnlyMemory<byte>> OfZstd(byte[] frames)
    {
        using var lines = Lines.Read(Codec.Zstd.Decompress(new MemoryStream(frames))).GetEnumerator();
        while (Next(lines, Codec.Zstd))
        {
            if (lines.Current.Length > 0)
                yield return lines.Current;
        }
    }

    /// <remarks>
    /// The platform's gzip takes a file that was cut off for one that ends. So a member with an unguessable line is put behind the object:
    /// only if every byte before it was whole is that line the last.
    /// </remarks>
    static IEnumerable<ReadOnlyMemory<byte>> OfGzip(byte[] members)
    {
        var mark = RandomNumberGenerator.GetBytes(MarkBytes).Select(value => (byte)('a' + value % 16)).ToArray();
        var marked = new MemoryStream([.. members, .. Compress([(byte)'\n', .. mark])]);
        using var lines = Lines.Read(Codec.Gzip.Decompress(marked)).GetEnumerator();
        var complete = false;
        while (!complete && Next(lines, Codec.Gzip))
        {
            complete = lines.Current.Span.SequenceEqual(mark);
            if (!complete && lines.Current.Length > 0)
                yield return lines.Current;
        }

        if (!complete)
            throw new DamagedException("it is truncated, or is followed by something that is not gzip");
    }

    static bool Next(IEnumerator<ReadOnlyMemory<byte>> lines, Codec codec)
    {
        try
        {
            return lines.MoveNext();
        }
        catch (InvalidDataException e)
        {
            throw new DamagedException($"its {codec.Name()} is damaged or truncated", e);
        }
    }

    static byte[] Compress(byte[] plain)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(plain);
        return compressed.ToArray();
    }
}
