using System.Diagnostics;
using ClusterTrail.Agent.Batching;
using ClusterTrail.Contract;

namespace ClusterTrail.Benchmarks;

/// <summary>Compressing the records of batches alone, at each level and with several windows: decision 0005 is made of it.</summary>
static class CompressBenchmark
{
    static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(1.5);

    public static int Run()
    {
        foreach (var records in new[] { RecordsInBatches.OfRealLog(), RecordsInBatches.OfLargeBodies() })
        {
            Report.Figure($"{records.Name}.size", records.LogBytes / 1e6, "MB");
            for (var level = 1; level <= 4; level++)
            {
                for (var window = 18; window <= 23; window++)
                    Measure(records, $"zstd.{level}.window{window}", new ZstdCompressor(level, window));
            }

            for (var level = 5; level <= CompressionConfiguration.MaxLevel; level++)
                Measure(records, $"zstd.{level}.window{ZstdCompressor.WindowLog}", new ZstdCompressor(level));
            Measure(records, "gzip.6", new GzipCompressor(6));
        }

        return 0;
    }

    // The best of several rounds: beside other processes, the others are slower.
    static void Measure(RecordsInBatches records, string name, BatchCompressor compressor)
    {
        using var owned = compressor;
        var before = ResidentMegabytes();
        var stored = Compress(records, compressor);
        var resident = ResidentMegabytes() - before;
        var best = double.MaxValue;
        for (var since = Stopwatch.StartNew(); since.Elapsed < LeastTime;)
            best = Math.Min(best, CpuTime.Of(() => { for (var round = 0; round < 3; round++) Compress(records, compressor); }) / 3);

        Report.Figure($"{records.Name}.{name}.mb_per_cpu_second", records.LogBytes / 1e6 / best, "MB/s");
        Report.Figure($"{records.Name}.{name}.stored_per_log_byte", stored / (double)records.LogBytes, "ratio");
        Report.Figure($"{records.Name}.{name}.resident_mb", resident, "MB");
    }

    static double ResidentMegabytes()
    {
        GC.Collect();
        return CpuTime.Megabytes(Environment.ProcessId, "VmRSS");
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
