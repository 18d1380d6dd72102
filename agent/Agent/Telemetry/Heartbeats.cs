using System.Collections.Concurrent;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>Tells whether the agent's loops still move: what <c>/healthz</c> asks.</summary>
/// <remarks>
/// Assumption: a loop beats at every turn, also when it has nothing to do, when it waits for a sink that is away and when it tries again.
/// Such trouble is a matter of readiness; a restart would not help.
/// </remarks>
sealed class Heartbeats(TimeProvider time, TimeSpan limit)
{
    readonly ConcurrentDictionary<string, long> beats = new();

    /// <param name="loop">The loop's name, for people.</param>
    public void Beat(string loop) => beats[loop] = time.GetTimestamp();

    /// <summary>The loop has ended as it should, and is no longer waited for.</summary>
    public void Ended(string loop) => beats.TryRemove(loop, out _);

    /// <summary>A sentence for every loop that stands still.</summary>
    public IReadOnlyList<string> Problems() =>
    [
        .. from beat in beats
           let still = time.GetElapsedTime(beat.Value)
           where still > limit
           orderby beat.Key
           select $"The {beat.Key} loop has not moved for {(long)still.TotalSeconds} s.",
    ];
}
