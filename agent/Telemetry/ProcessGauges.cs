using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ClusterTrail.Telemetry;

/// <summary>The process's own use of the node, under the names that Prometheus's client libraries share.</summary>
public static class ProcessGauges
{
    // Has the same names as /proc/self/fd; but those are links, and listing them looks at the file behind each.
    const string OpenFiles = "/proc/self/fdinfo";

    public static void Describe(Meter meter)
    {
        using var self = Process.GetCurrentProcess();
        var started = new DateTimeOffset(self.StartTime).ToUnixTimeMilliseconds() / 1000.0;
        meter.CreateObservableCounter("process.cpu", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s",
            "CPU time that the process has used.");
        meter.CreateObservableGauge("process.resident_memory", () => Environment.WorkingSet, "By",
            "Resident memory of the process. The kernel kills it at its memory limit, so alert well below that.");
        meter.CreateObservableGauge("process.start_time", () => started, "s",
            "Time when the process started, in seconds since 1970. A change is a restart.");
        meter.CreateObservableGauge("process.open_fds", CountOpenFiles, "{file}",
            "Open files and connections of the process. A steady rise is a leak.");
    }

    static IEnumerable<Measurement<int>> CountOpenFiles() =>
        Directory.Exists(OpenFiles) ? [new(Directory.EnumerateFiles(OpenFiles).Count())] : [];
}
