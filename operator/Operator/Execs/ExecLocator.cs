using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Execs;

/// <summary>Finds the pods of exec events, and what agents asked for of pods.</summary>
/// <param name="patience">How long an event waits for an API server that does not answer; then all nodes get it.</param>
sealed partial class ExecLocator(PodLookup pods, ExecMetrics metrics, TimeSpan patience, TimeProvider time, ILogger logger)
{
    /// <summary>Finds the nodes of the events that have none yet.</summary>
    public async Task LocateAsync(TrailExecs execs, CancellationToken cancellationToken)
    {
        foreach (var exec in execs.Waiting.ToList())
        {
            try
            {
                var (isKnown, pod) = await pods.FindAsync(new(exec.Namespace, exec.Pod), cancellationToken);
                if (!isKnown)
                    return;
                if (pod?.Node is null)
                    metrics.NotLocated();
                execs.Locate(exec, pod?.Node is null ? null : pod);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                metrics.Failed("Locate");
                LogNotLocated(e.Message);
                // The next turn tries again; after a while all nodes get it.
                if (time.GetUtcNow() - exec.Time < patience)
                    return;
                metrics.NotLocated();
                execs.Locate(exec, null);
            }
        }
    }

    /// <summary>Finds what agents asked for.</summary>
    public async Task AnswerAsync(TrailExecs execs, CancellationToken cancellationToken)
    {
        foreach (var (taker, pod) in execs.Takers.Values.SelectMany(taker => taker.Asked.Select(pod => (taker, pod))).ToList())
        {
            try
            {
                var (isKnown, found) = await pods.FindAsync(new(pod.Namespace, pod.Pod), cancellationToken);
                if (!isKnown)
                    return;
                taker.Asked.Remove(pod);
                if (found is { Commands: { } commands } && found.Uid == pod.PodUID)
                    taker.Answers.Add(commands);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                metrics.Failed("Locate");
                LogNotLocated(e.Message);
                return;
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The pod of an exec cannot be looked up, retrying: {Reason}")]
    partial void LogNotLocated(string reason);
}
