using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ClusterTrail.Telemetry;

/// <summary>The process's own use of the node, under the names that Prometheus's client libraries share.</summary>
public static class ProcessGauges
{
    const string OpenFiles = "/proc/self/fd";

    public static void Describe(Meter meter)
    {
        using var self = Process.GetCurrentProcess();
        var started = new DateTimeOffset(self.StartTime).ToUnixTimeMilliseconds() / 1000.0;
        meter.CreateObservableCounter("process.cpu", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s",
            "Processor time the agent has used.");
        meter.CreateObservableGauge("process.resident_memory", () => Environment.WorkingSet, "By",
            "Memory the agent holds. It is killed at its limit, so alert well below that.");
        meter.CreateObservableGauge("process.start_time", () => started, "s",
            "When the agent started, in seconds since 1970. Changes: it restarts.");
        meter.CreateObservableGauge("process.open_fds", CountOpenFiles, "{file}",
            "Files and connections the agent holds open. A steady rise is a leak.");
    }

    static IEnumerable<Measurement<int>> CountOpenFiles() =>
        Directory.Exists(OpenFiles) ? [new(Directory.EnumerateFileSystemEntries(OpenFiles).Count())] : [];
}
