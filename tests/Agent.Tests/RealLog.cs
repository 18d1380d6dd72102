using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace ClusterTrail.Agent.Tests;

/// <summary>The audit log of a real API server, checked in as tests/data/audit-kubernetes-1.36.log.gz.</summary>
static class RealLog
{
    static readonly Lazy<byte[][]> All = new(() => Read());

    public static IReadOnlyList<byte[]> Lines => All.Value;

    static byte[][] Read([CallerFilePath] string thisFile = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "data", "audit-kubernetes-1.36.log.gz");
        using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        var text = plain.GetBuffer().AsSpan(0, (int)plain.Length).TrimEnd((byte)'\n');
        var lines = new List<byte[]>();
        foreach (var line in text.Split((byte)'\n'))
            lines.Add(text[line].ToArray());

        return [.. lines];
    }
}
