using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Benchmarks;

/// <summary>What a part of an agent costs: the same log with and without it, in the same run.</summary>
static class AgentTurns
{
    const int Turns = 22;

    /// <summary>Runs agents with the part and without it over one log.</summary>
    /// <remarks>
    /// Both run at the same time: on a machine that others use too, two that follow each other differ by 5 % for no reason. They start by
    /// turns, as the first one has the machine for itself for a moment.
    /// </remarks>
    /// <param name="writeLog">Writes the log that they read, and gives its size.</param>
    /// <param name="of">The configuration with the part, or without it.</param>
    public static async Task<AddedCpu> MeasureAsync(
        Func<string, long> writeLog, Func<AgentConfiguration, bool, AgentConfiguration> of)
    {
        using var log = new TemporaryFolder();
        var path = log.Join("audit.log");
        var bytes = writeLog(path);
        var turns = new List<(AgentRun With, AgentRun Without)>();
        for (var turn = 0; turn < Turns; turn++)
        {
            using var first = new AgentFolder();
            using var second = new AgentFolder();
            var isFirst = turn % 2 == 0;
            var runs = await Task.WhenAll(RunAsync(first, isFirst), RunAsync(second, !isFirst));
            turns.Add(isFirst ? (runs[0], runs[1]) : (runs[1], runs[0]));
        }

        return new(Of(run => run.MegabytesPerCpuSecond), Of(run => run.LaterMegabytesPerCpuSecond));

        // Nobody waits a minute for the last batch of each turn.
        Task<AgentRun> RunAsync(AgentFolder folder, bool hasPart) => AgentRun.OverAsync(
            folder, bytes, of(AgentRun.Sealed(folder, path) with { Batch = new() { MaxAgeSeconds = 1 } }, hasPart));

        Added Of(Func<AgentRun, double> speed) => new(
            Median(turns.Select(turn => 1000 / speed(turn.Without))),
            // Of both orders together.
            Median(turns.Select(turn => 100 * (speed(turn.Without) / speed(turn.With) - 1)).Chunk(2).Select(both => both.Average())));
    }

    static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
