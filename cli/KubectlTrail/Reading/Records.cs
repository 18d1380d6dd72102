using System.IO.Compression;
using System.Security.Cryptography;

namespace ClusterTrail.Kubectl.Reading;

/// <summary>The records of a batch: the lines in a gzip of one or more members.</summary>
static class Records
{
    // Requests may nest deeper than the platform's default of 64: definitions of custom resources do.
    internal const int MaxJsonDepth = 10_000;

    const int MarkBytes = 32;

    /// <summary>The lines without their line feeds, one at a time; each is valid until the next is asked for.</summary>
    /// <remarks>
    /// The platform's gzip takes a file that was cut off for one that ends. So a member with an unguessable line is put behind the object:
    /// only if every byte before it was whole is that line the last.
    /// </remarks>
    /// <exception cref="DamagedException">Met while reading, or at the end, where something is missing.</exception>
    internal static IEnumerable<ReadOnlyMemory<byte>> Read(byte[] gzip)
    {
        var mark = RandomNumberGenerator.GetBytes(MarkBytes).Select(value => (byte)('a' + value % 16)).ToArray();
        using var lines = Lines.Read(Decompress([.. gzip, .. Compress([(byte)'\n', .. mark])])).GetEnumerator();
        var complete = false;
        while (!complete && Next(lines))
        {
            complete = lines.Current.Span.SequenceEqual(mark);
            if (!complete && lines.Current.Length > 0)
                yield return lines.Current;
        }

        if (!complete || gzip.Length == 0)
            throw new DamagedException("it is truncated, or is followed by something that is not gzip");
    }

    static bool Next(IEnumerator<ReadOnlyMemory<byte>> lines)
    {
        try
        {
            return lines.MoveNext();
        }
        catch (InvalidDataException e)
        {
            throw new DamagedException("its gzip is damaged or truncated", e);
        }
    }

    static GZipStream Decompress(byte[] gzip) => new(new MemoryStream(gzip), CompressionMode.Decompress);

    static byte[] Compress(byte[] plain)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(plain);
        return compressed.ToArray();
    }
}
