using System.IO.Compression;
using System.Text;
using ClusterTrail.Archive;
using ClusterTrail.Archive.Sealing;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace ClusterTrail.Kubectl.Tests;

/// <summary>Records and names to test with.</summary>
static class Some
{
    internal static readonly DateTimeOffset Time = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    internal static string Record(string userName = "alice", string more = "") => $$$$"""
        {"eventVersion":"1.0","eventID":"1","eventTime":"2026-03-01T12:00:00.000Z","eventCategory":"Management",
        "eventName":"create pods/exec","userIdentity":{"userName":"{{{{userName}}}}"},"sourceIPAddress":"192.0.2.7"{{{{more}}}},
        "event":{"objectRef":{"namespace":"shop","name":"cart-0"},"responseStatus":{"code":101}}}
        """.Replace("\n", "", StringComparison.Ordinal);

    internal static BatchName Batch(DateTimeOffset? time = null, string node = "cp-1", long sequence = 1, bool encrypted = false,
        Codec codec = Codec.Zstd) => new()
        {
            Cluster = "prod",
            Trail = "main",
            FirstEvent = time ?? Time,
            Node = node,
            Source = "apiserver",
            Sequence = sequence,
            Hash = "0123456789abcdef",
            Codec = codec,
            Encrypted = encrypted,
        };

    internal static byte[] Compressed(Codec codec, params string[] lines) => codec == Codec.Zstd ? Zstd(lines) : Gzip(lines);

    internal static byte[] Zstd(params string[] lines)
    {
        using var compressed = new MemoryStream();
        using (var zstd = new CompressionStream(compressed, leaveOpen: true))
        {
            zstd.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
            zstd.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        }

        return compressed.ToArray();
    }

    internal static byte[] Gzip(params string[] lines)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        return compressed.ToArray();
    }

    internal static byte[] Sealed(KeyPair pair, params string[] lines) =>
        new Envelope([Recipient.FromPem(pair.PublicPem)]).Seal(Zstd(lines));
}
