using System.Text;
using ClusterTrail.Archive;

namespace ClusterTrail.Testing;

/// <summary>What is in a compressed batch, whichever codec it has.</summary>
public static class PlainBatch
{
    public static string TextOf(ReadOnlySpan<byte> body)
    {
        using var reader = ReaderOf(body.ToArray());
        return reader.ReadToEnd();
    }

    public static IEnumerable<string> LinesOf(byte[] body)
    {
        using var reader = ReaderOf(body);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    static StreamReader ReaderOf(byte[] body)
    {
        var codec = Codecs.Of(body) ?? throw new InvalidDataException("It is neither zstd nor gzip.");
        return new(codec.Decompress(new MemoryStream(body)), Encoding.UTF8);
    }
}
