using System.Runtime.InteropServices;

namespace ClusterTrail.Agent.Sources.Processes.Kernel;

/// <summary>Tells the time of what the kernel dates from the start of the machine.</summary>
static partial class BootClock
{
    const int BootTime = 7;

    /// <summary>When the machine started, in nanoseconds since 1970, by the clock as it is set now.</summary>
    public static long StartedAt(DateTimeOffset now) =>
        ((now - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick) - Now();

    /// <summary>Nanoseconds since the machine started, sleep included.</summary>
    public static long Now() => GetTime(BootTime, out var time) == 0 ? (time.Seconds * 1_000_000_000) + time.Nanoseconds : 0;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeValue time);

    /// <summary><c>struct timespec</c> on 64-bit machines.</summary>
    struct TimeValue
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
