using System.Collections.Concurrent;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>Says whether the agent's loops move: what <c>/healthz</c> and <c>/readyz</c> ask.</summary>
/// <remarks>
/// Assumption: a loop beats at the end of every turn, also when it had nothing to do, waits for an unavailable sink, or retries.
/// Such problems are for <c>/status</c> and the metrics: the process works, and a restart would not help.
/// </remarks>
sealed class Heartbeats(TimeProvider time, TimeSpan limit)
{
    readonly ConcurrentDictionary<string, Pulse> loops = new();

    /// <summary>The loop will start: until its first turn has ended the agent is not ready.</summary>
    /// <param name="loop">The loop's name, for people.</param>
    public void Expect(string loop) => loops[loop] = new(time.GetTimestamp(), HasTurned: false);

    public void Beat(string loop) => loops[loop] = new(time.GetTimestamp(), HasTurned: true);

    /// <summary>The loop has ended as it should, and is no longer waited for.</summary>
    public void Ended(string loop) => loops.TryRemove(loop, out _);

    /// <summary>A sentence for every loop that is blocked, whether it has turned before or not.</summary>
    public IReadOnlyList<string> HealthProblems() =>
    [
        .. from loop in loops
           let still = time.GetElapsedTime(loop.Value.At)
           where still > limit
           orderby loop.Key
           select $"The {loop.Key} loop has not moved for {(long)still.TotalSeconds} s.",
    ];

    /// <summary>A sentence for every loop that has not turned yet, or is blocked.</summary>
    public IReadOnlyList<string> ReadinessProblems() =>
    [
        .. from loop in loops where !loop.Value.HasTurned orderby loop.Key select $"The {loop.Key} loop is starting.",
        .. HealthProblems(),
    ];

    readonly record struct Pulse(long At, bool HasTurned);
}
