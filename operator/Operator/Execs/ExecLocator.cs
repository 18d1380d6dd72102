using ClusterTrail.Contract.Execs;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Execs;

/// <summary>Finds the pods of exec events, and what agents asked for of pods.</summary>
/// <param name="patience">How long an event waits for an API server that does not answer; then all nodes get it.</param>
sealed partial class ExecLocator(PodLookup pods, ExecMetrics metrics, TimeSpan patience, TimeProvider time, ILogger logger)
{
    const int MostFailures = 3;

    uint turns;

    /// <summary>Finds the nodes of the events that have none yet.</summary>
    public async Task LocateAsync(TrailExecs execs, CancellationToken cancellationToken)
    {
        foreach (var exec in execs.Waiting.ToList())
        {
            try
            {
                var (isKnown, pod) = await pods.FindAsync(new(exec.Namespace, exec.Pod), since: exec.Time, cancellationToken);
                if (!isKnown)
                    return;
                // One that was made later has only the name of the exec's.
                var isItself = pod is { Node: not null } && !(pod.CreatedAt > exec.Time);
                if (!isItself)
                    metrics.NotLocated();
                execs.Locate(exec, isItself ? pod : null);
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
        var failures = 0;
        foreach (var (taker, pod) in InTurn([.. execs.Takers.Values]))
        {
            // What becomes of it keeps nobody else waiting; who still needs it asks again.
            taker.Asked.Remove(pod);
            try
            {
                var (isKnown, found) = await pods.FindAsync(new(pod.Namespace, pod.Pod), since: null, cancellationToken);
                if (!isKnown)
                {
                    taker.Asked.Add(pod);
                    return;
                }

                if (found is { Commands: { } commands } && found.Uid == pod.PodUID)
                    taker.Answers.Add(commands);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                metrics.Failed("Locate");
                LogNotLocated(e.Message);
                // An API server that does not answer would hold up the whole turn.
                if (++failures == MostFailures)
                    return;
            }
        }
    }

    // One of each taker, another one of each, …, and another taker first in each turn: none uses up what may be looked up.
    List<(Taker Taker, NamedPod Pod)> InTurn(List<Taker> takers)
    {
        var first = takers.Count == 0 ? 0 : (int)(turns++ % (uint)takers.Count);
        return
        [
            .. takers.Skip(first).Concat(takers.Take(first))
                .SelectMany(taker => taker.Asked.Select((pod, place) => (taker, pod, place)))
                .OrderBy(one => one.place)
                .Select(one => (one.taker, one.pod)),
        ];
    }

    [LoggerMessage(LogLevel.Warning, "The pod of an exec cannot be looked up, retrying: {Reason}")]
    partial void LogNotLocated(string reason);
}
