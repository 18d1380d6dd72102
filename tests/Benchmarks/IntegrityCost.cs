using System.Globalization;
using System.Text.Json;
using ClusterTrail.Agent.Batching;
using ClusterTrail.Contract;
using ClusterTrail.Testing;
using ClusterTrail.Trails.Files;

namespace ClusterTrail.Benchmarks;

/// <summary>What integrity adds to a Trail's bill of S3, from the rates of the real log and the sizes of real digests: docs/scale.md.</summary>
static class IntegrityCost
{
    // S3 Standard in us-east-1, in US dollars.
    const double APut = 0.005 / 1000;
    const double AByteForADay = 0.023 / 1e9 / 30;

    const double SecondsADay = 86_400;
    const int EnvelopeBytes = 700;
    const int CanaryPuts = 2;
    const int CanaryBytes = 2 * 350;
    // What is assumed of workloads: a tenth of the nodes write a megabyte of output a minute, the others a few lines an hour; compressed
    // to a tenth. With output of less, batches are smaller, and digests are more of the bill.
    const double BusyShare = 0.1;
    const int BusyOutputBytes = 1 << 20;
    const int BusyProcessesBytes = 64 << 10;
    const int IdleBatchBytes = 1 << 10;
    const double Compressed = 0.1;

    // The real log is that of an API server without nodes: 4.5 events a second. With ten times as many, batches are ten times as large.
    const double BusyClusterFactor = 10;

    static readonly int[] Retentions = [365, 2557];

    /// <summary>What agents of a kind store in a day.</summary>
    readonly record struct Load(double Nodes, double Objects, double Bytes, double Digests, double DigestBytes);

    public static int Run()
    {
        var api = ApiServer();
        Print("idle_3", [api with { Nodes = 3 }]);
        Print("3", [api with { Nodes = 3, Bytes = api.Bytes * BusyClusterFactor }]);
        Print("100", [api with { Nodes = 3, Bytes = api.Bytes * BusyClusterFactor }, .. Workloads(100)]);
        Print("idle_5000", [Workloads(1)[1] with { Nodes = 5000 }]);
        Print("5000", [api with { Nodes = 5, Bytes = api.Bytes * BusyClusterFactor }, .. Workloads(5000)]);
        return 0;
    }

    // A batch a minute, as it is by default; five of them in each digest.
    static Load ApiServer()
    {
        var minutes = RealLog.Lines.GroupBy(line => Time(line).ToUnixTimeSeconds() / 60).Select(minute => minute.ToList()).ToList();
        using var compressor = BatchCompressor.Of(new BatchConfiguration().Compression);
        var stored = minutes.Average(minute => Stored(minute, compressor) + EnvelopeBytes);
        var seconds = (Time(RealLog.Lines[^1]) - Time(RealLog.Lines[0])).TotalSeconds;
        Report.Figure("cost.log.events_per_second", RealLog.Lines.Count / seconds, "events/s");
        Report.Figure("cost.log.stored_bytes_per_batch", stored, "bytes");
        var interval = new IntegrityConfiguration().IntervalSeconds;
        return Agents(1, SecondsADay / 60, stored, interval, "apiserver");
    }

    static Load[] Workloads(int nodes)
    {
        var interval = WorkloadFiles.IntervalOf(new IntegrityConfiguration().IntervalSeconds);
        string[] sources = ["containers", "processes"];
        return
        [
            Agents(
                nodes * BusyShare, sources.Length * SecondsADay / 60,
                ((BusyOutputBytes + BusyProcessesBytes) / 2.0 * Compressed) + EnvelopeBytes, interval, sources),
            Agents(
                nodes * (1 - BusyShare), sources.Length * SecondsADay / 900, (IdleBatchBytes * Compressed) + EnvelopeBytes, interval, sources),
        ];
    }

    static Load Agents(double nodes, double objects, double bytesOfOne, int interval, params string[] sources)
    {
        var digests = SecondsADay / interval;
        var bytes = MeasuredDigests.Bytes((int)Math.Round(objects / digests), sources);
        Report.Figure(
            string.Create(CultureInfo.InvariantCulture, $"cost.digest_of_{objects / digests:0}_objects"), bytes, "bytes");
        return new(nodes, objects, objects * bytesOfOne, digests, digests * bytes);
    }

    static void Print(string nodes, IReadOnlyList<Load> loads)
    {
        var (objects, bytes) = (loads.Sum(load => load.Nodes * load.Objects), loads.Sum(load => load.Nodes * load.Bytes));
        var digests = loads.Sum(load => load.Nodes * load.Digests);
        var extra = loads.Sum(load => load.Nodes * load.DigestBytes);
        // Canaries are kept for a day, and anchors are replaced: neither is stored for long.
        var (canaries, anchors) = (loads.Sum(load => load.Nodes) * CanaryPuts, loads.Sum(load => load.Nodes) * 24);
        Figure("objects_a_day", objects, "objects");
        Figure("bytes_a_day", bytes / 1e6, "MB");
        Figure("digests_a_day", digests, "objects");
        Figure("digest_bytes_a_day", extra / 1e6, "MB");
        Figure("anchor_usd_a_day", anchors * APut, "USD");
        foreach (var days in Retentions)
        {
            var archive = (objects * APut) + (bytes * days * AByteForADay);
            var integrity = (digests * APut) + (extra * days * AByteForADay)
                + (canaries * APut) + (canaries / CanaryPuts * CanaryBytes * AByteForADay);
            Figure($"kept_{days}_days.archive_usd_a_day", archive, "USD");
            Figure($"kept_{days}_days.integrity_usd_a_day", integrity, "USD");
            Figure($"kept_{days}_days.integrity_percent", 100 * integrity / (archive + integrity), "%");
        }

        void Figure(string name, double value, string unit) => Report.Figure($"cost.{nodes}_nodes.{name}", value, unit);
    }

    static long Stored(List<byte[]> lines, BatchCompressor compressor)
    {
        foreach (var line in lines)
        {
            compressor.Write(line);
            compressor.Write("\n"u8);
        }

        var stored = compressor.End().Length;
        compressor.Clear();
        return stored;
    }

    static DateTimeOffset Time(byte[] line)
    {
        using var audit = JsonDocument.Parse(line);
        return audit.RootElement.GetProperty("stageTimestamp").GetDateTimeOffset();
    }
}
