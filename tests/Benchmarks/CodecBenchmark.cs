using ClusterTrail.Agent.Batching;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Benchmarks;

/// <summary>Compression alone, of the same bytes at the same level: the floor under the whole pipeline.</summary>
static class CodecBenchmark
{
    const int Rounds = 6;
    const int Chunk = 64 << 10;

    public static double MegabytesPerCpuSecond(CompressionType type)
    {
        using var compressor = BatchCompressor.Of(new() { Type = type });
        // What the runtime compiles is not of the codec.
        Compress(AuditLog.Content, compressor);
        var seconds = CpuTime.Of(() =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                Compress(AuditLog.Content, compressor);
            }
        });
        return AuditLog.Content.Length * Rounds / 1e6 / seconds;
    }

    static void Compress(byte[] log, BatchCompressor compressor)
    {
        for (var at = 0; at < log.Length; at += Chunk)
        {
            compressor.Write(log.AsSpan(at, Math.Min(Chunk, log.Length - at)));
        }

        compressor.End();
        compressor.Clear();
    }
}
