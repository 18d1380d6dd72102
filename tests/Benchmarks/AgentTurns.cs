using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Benchmarks;

/// <summary>What a part of an agent costs: the same log with and without it, by turns, in the same run.</summary>
static class AgentTurns
{
    const int Turns = 5;

    /// <summary>CPU seconds: the least of several turns, since beside other processes the others are slower.</summary>
    /// <param name="of">The configuration with the part, or without it.</param>
    public static async Task<(double With, double Without)> CpuSecondsAsync(
        int megabytes, Func<AgentConfiguration, bool, AgentConfiguration> of)
    {
        var (with, without) = (double.MaxValue, double.MaxValue);
        for (var turn = 0; turn < Turns; turn++)
        {
            without = Math.Min(without, await CpuSecondsAsync(megabytes, one => of(one, false)));
            with = Math.Min(with, await CpuSecondsAsync(megabytes, one => of(one, true)));
        }

        return (with, without);
    }

    static async Task<double> CpuSecondsAsync(int megabytes, Func<AgentConfiguration, AgentConfiguration> of)
    {
        using var folder = new AgentFolder();
        var bytes = AgentRun.WriteLog(folder.LogPath, megabytes * 1_000_000L);
        // Nobody waits a minute for the last batch of each turn.
        var run = await AgentRun.OverAsync(folder, bytes, of(AgentRun.Sealed(folder) with { Batch = new() { MaxAgeSeconds = 1 } }));
        return bytes / 1e6 / run.MegabytesPerCpuSecond;
    }
}
