using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Benchmarks;

/// <summary>What a part of an agent costs: the same log with and without it, in the same run.</summary>
static class AgentTurns
{
    const int Turns = 9;

    /// <summary>CPU seconds of an agent with the part, and without it.</summary>
    /// <remarks>
    /// Without it, the median of several turns; with it, that plus the median share that the part adds in a turn.
    /// Both run at the same time: on a machine that others use too, two that follow each other differ by 5 % for no reason.
    /// </remarks>
    /// <param name="writeLog">Writes the log that they read, and gives its size.</param>
    /// <param name="of">The configuration with the part, or without it.</param>
    public static async Task<(double With, double Without)> CpuSecondsAsync(
        Func<string, long> writeLog, Func<AgentConfiguration, bool, AgentConfiguration> of)
    {
        var turns = new List<(double With, double Without)>();
        for (var turn = 0; turn < Turns; turn++)
        {
            using var with = new AgentFolder();
            using var without = new AgentFolder();
            var bytes = writeLog(with.LogPath);
            File.Copy(with.LogPath, without.LogPath);
            var seconds = await Task.WhenAll(
                CpuSecondsAsync(with, bytes, one => of(one, true)), CpuSecondsAsync(without, bytes, one => of(one, false)));
            turns.Add((seconds[0], seconds[1]));
        }

        var usual = Median(turns.Select(turn => turn.Without));
        return (usual * (1 + Median(turns.Select(turn => (turn.With - turn.Without) / turn.Without))), usual);
    }

    static double Median(IEnumerable<double> values) => values.Order().ElementAt(Turns / 2);

    static async Task<double> CpuSecondsAsync(AgentFolder folder, long bytes, Func<AgentConfiguration, AgentConfiguration> of)
    {
        // Nobody waits a minute for the last batch of each turn.
        var run = await AgentRun.OverAsync(folder, bytes, of(AgentRun.Sealed(folder) with { Batch = new() { MaxAgeSeconds = 1 } }));
        return bytes / 1e6 / run.MegabytesPerCpuSecond;
    }
}
