using System.IO.Compression;
using System.Security.Cryptography;
using ClusterTrail.Archive;

namespace ClusterTrail.History.Reading;

/// <summary>The records of a batch: the lines in one or more zstd frames or gzip members.</summary>
static class Records
{
    // Requests may nest deeper than the platform's default of 64: definitions of custom resources do.
    internal const int MaxJsonDepth = 10_000;

    const int MarkBytes = 32;

    /// <summary>The lines that are not empty, one at a time.</summary>
    /// <param name="body">It is closed at the end.</param>
    /// <param name="codec">As the object's name says.</param>
    /// <exception cref="DamagedException">Met while reading, or at the end, where something is missing.</exception>
    internal static IEnumerable<Line> Read(Stream body, Codec codec)
    {
        var first = PlainText.Beginning(body);
        Check(first, codec);
        var whole = JoinedStream.Of(first, body);
        return codec == Codec.Zstd ? OfZstd(whole) : OfGzip(whole);
    }

    static void Check(byte[] first, Codec codec)
    {
        var found = Codecs.Of(first);
        if (first.Length < Codecs.MagicBytes)
            throw new DamagedException($"it is truncated: it has {first.Length} bytes");
        if (found is null)
            throw new DamagedException($"it does not begin as {codec.Name()} does");
        if (found != codec)
            throw new DamagedException(
                $"it is {found.Value.Name()}, and its name says {codec.Name()}; give its name the ending {found.Value.Ending()}");
    }

    static IEnumerable<Line> OfZstd(Stream frames)
    {
        using var lines = Lines.Read(Codec.Zstd.Decompress(frames)).GetEnumerator();
        while (Next(lines, Codec.Zstd))
        {
            if (!IsEmpty(lines.Current))
                yield return lines.Current;
        }
    }

    /// <remarks>
    /// The platform's gzip takes a file that was cut off for one that ends. So a member with an unguessable line is put behind the object:
    /// only if every byte before it was whole is that line the last.
    /// </remarks>
    static IEnumerable<Line> OfGzip(Stream members)
    {
        var mark = RandomNumberGenerator.GetBytes(MarkBytes).Select(value => (byte)('a' + value % 16)).ToArray();
        var marked = new JoinedStream(members, new MemoryStream(Compress([(byte)'\n', .. mark])));
        using var lines = Lines.Read(Codec.Gzip.Decompress(marked)).GetEnumerator();
        var complete = false;
        while (!complete && Next(lines, Codec.Gzip))
        {
            complete = lines.Current.Text.Span.SequenceEqual(mark);
            if (!complete && !IsEmpty(lines.Current))
                yield return lines.Current;
        }

        if (!complete)
            throw new DamagedException("it is truncated, or is followed by something that is not gzip");
    }

    static bool IsEmpty(Line line) => line.Text.IsEmpty && !line.IsTooLong;

    static bool Next(IEnumerator<Line> lines, Codec codec)
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
