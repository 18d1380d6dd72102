using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Operator.Execs;

/// <summary>Looks pods up, each on its own, at a bounded pace.</summary>
/// <remarks>
/// A copy of all pods would take a hundred megabytes where there are 100,000; execs and pods with probes are few. One task uses it.
/// </remarks>
sealed class PodLookup(ICluster cluster, TimeProvider time)
{
    public const int PerSecond = 20;
    public const int AtOnce = 100;
    const int Most = 4096;

    // A StatefulSet gives the name to another pod; what happened after the lookup may have happened to that one.
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    readonly Dictionary<ObjectKey, (LocatedPod? Pod, DateTimeOffset At)> known = [];
    double allowed = AtOnce;
    long filledAt = time.GetTimestamp();

    /// <summary>How many requests were made.</summary>
    public long Requests { get; private set; }

    /// <param name="pod">Its name.</param>
    /// <param name="since">Nothing is taken that was looked up before then, or long ago.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Whether it is known now; then the pod, or nothing if there is none.</returns>
    /// <exception cref="KubernetesException">The API server does not answer, or refuses.</exception>
    public async Task<(bool IsKnown, LocatedPod? Pod)> FindAsync(
        ObjectKey pod, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (known.TryGetValue(pod, out var found) && (now - found.At).Duration() < Fresh && !(found.At <= since))
            return (true, found.Pod);
        if (!TryTake())
            return (false, null);
        Requests++;
        var read = await cluster.GetAsync<V1Pod>(pod, cancellationToken);
        if (known.Count >= Most)
            known.Clear();
        var located = read is null ? null : PodFacts.Of(read);
        // One that is not scheduled yet will be.
        if (located is not { Node: null })
            known[pod] = (located, now);
        return (true, located);
    }

    bool TryTake()
    {
        var now = time.GetTimestamp();
        allowed = Math.Min(AtOnce, allowed + (time.GetElapsedTime(filledAt, now).TotalSeconds * PerSecond));
        filledAt = now;
        if (allowed < 1)
            return false;
        allowed--;
        return true;
    }
}
