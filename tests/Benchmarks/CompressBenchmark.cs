using System.Diagnostics;
using ClusterTrail.Agent.Batching;
using ClusterTrail.Contract;
using ZstdSharp.Unsafe;

namespace ClusterTrail.Benchmarks;

/// <summary>Compressing the records of batches alone, at each level and with several windows: decision 0005 is made of it.</summary>
static class CompressBenchmark
{
    const int FastLevels = 4;

    static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(1.5);

    public static int Run()
    {
        foreach (var records in new[] { RecordsInBatches.OfRealLog(), RecordsInBatches.OfLargeBodies() })
        {
            Report.Figure($"{records.Name}.size", records.LogBytes / 1e6, "MB");
            foreach (var (level, window) in Choices())
                Measure(records, $"zstd.{level}.window{window}", new ZstdCompressor(level, window));
            Measure(records, "gzip.6", new GzipCompressor(6));
        }

        foreach (var (level, window) in Choices())
            Report.Figure($"zstd.{level}.window{window}.context_mb", ContextMegabytes(level, window), "MB");

        return 0;
    }

    static IEnumerable<(int Level, int Window)> Choices() =>
        from level in Enumerable.Range(CompressionConfiguration.MinLevel, CompressionConfiguration.MaxLevel)
        from window in level <= FastLevels ? Enumerable.Range(18, 6) : [ZstdCompressor.WindowLog]
        select (level, window);

    // The best of several rounds: beside other processes, the others are slower.
    static void Measure(RecordsInBatches records, string name, BatchCompressor compressor)
    {
        using var owned = compressor;
        var stored = Compress(records, compressor);
        var best = double.MaxValue;
        for (var since = Stopwatch.StartNew(); since.Elapsed < LeastTime;)
            best = Math.Min(best, CpuTime.Of(() => { for (var round = 0; round < 3; round++) Compress(records, compressor); }) / 3);

        Report.Figure($"{records.Name}.{name}.mb_per_cpu_second", records.LogBytes / 1e6 / best, "MB/s");
        Report.Figure($"{records.Name}.{name}.stored_per_log_byte", stored / (double)records.LogBytes, "ratio");
    }

    // As zstd(3) counts it: the window, the tables of the level, and the buffers beside them.
    static double ContextMegabytes(int level, int window)
    {
        var parameters = Methods.ZSTD_getCParams(level, ulong.MaxValue, 0);
        parameters.windowLog = (uint)window;
        return Methods.ZSTD_estimateCStreamSize_usingCParams(parameters) / 1e6;
    }

    static long Compress(RecordsInBatches records, BatchCompressor compressor)
    {
        var stored = 0L;
        foreach (var batch in records.Batches)
        {
            foreach (var record in batch)
                compressor.Write(record);
            stored += compressor.End().Length;
            compressor.Clear();
        }

        return stored;
    }
}
