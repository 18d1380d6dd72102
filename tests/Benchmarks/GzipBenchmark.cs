using System.IO.Compression;
using ClusterTrail.Testing;

namespace ClusterTrail.Benchmarks;

/// <summary>Compression alone, of the same bytes at the same level: the floor under the whole pipeline.</summary>
static class GzipBenchmark
{
    const int Rounds = 6;
    const int Chunk = 64 << 10;

    public static double MegabytesPerCpuSecond(int level)
    {
        var seconds = CpuTime.Of(() =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                Compress(AuditLog.Content, level);
            }
        });
        return AuditLog.Content.Length * Rounds / 1e6 / seconds;
    }

    static void Compress(byte[] log, int level)
    {
        using var gzip = new GZipStream(Stream.Null, new ZLibCompressionOptions { CompressionLevel = level });
        for (var at = 0; at < log.Length; at += Chunk)
        {
            gzip.Write(log.AsSpan(at, Math.Min(Chunk, log.Length - at)));
        }
    }
}
