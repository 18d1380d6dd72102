using System.Diagnostics;
using System.Globalization;

namespace ClusterTrail.Benchmarks;

/// <summary>What a process has used, by the kernel's accounting.</summary>
static class CpuTime
{
    const double TicksPerSecond = 100; // USER_HZ, the same on every Linux that runs .NET

    /// <summary>User and system seconds of a process so far.</summary>
    public static double OfProcess(int id) => Of($"/proc/{id}/stat");

    /// <summary>The same of that thread of a process that has used most.</summary>
    public static double OfBusiestThread(int id) =>
        Directory.GetDirectories($"/proc/{id}/task").Max(thread => Of(Path.Combine(thread, "stat")));

    static double Of(string stat)
    {
        var fields = File.ReadAllText(stat).Split(") ")[1].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>User and system seconds that an action costs in this process.</summary>
    public static double Of(Action action)
    {
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        action();
        self.Refresh();
        return (self.TotalProcessorTime - before).TotalSeconds;
    }

    /// <summary>A line of /proc/ID/status in megabytes: VmRSS now, VmHWM at most.</summary>
    public static double Megabytes(int id, string line) => Of($"/proc/{id}/status", line);

    /// <summary>What a process has in memory now; what it shares with n - 1 others counts as an n-th.</summary>
    public static double ProportionalMegabytes(int id) => Of($"/proc/{id}/smaps_rollup", "Pss:");

    static double Of(string file, string line)
    {
        var text = File.ReadLines(file).First(status => status.StartsWith(line, StringComparison.Ordinal));
        return long.Parse(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
