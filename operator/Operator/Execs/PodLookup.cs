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

    // A StatefulSet gives the name to another pod.
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    readonly Dictionary<ObjectKey, (LocatedPod? Pod, long At)> known = [];
    double allowed = AtOnce;
    long filledAt = time.GetTimestamp();

    /// <summary>How many requests were made.</summary>
    public long Requests { get; private set; }

    /// <returns>Whether it is known now; then the pod, or nothing if there is none.</returns>
    /// <exception cref="KubernetesException">The API server does not answer, or refuses.</exception>
    public async Task<(bool IsKnown, LocatedPod? Pod)> FindAsync(ObjectKey pod, CancellationToken cancellationToken)
    {
        if (known.TryGetValue(pod, out var found) && time.GetElapsedTime(found.At) < Fresh)
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
            known[pod] = (located, time.GetTimestamp());
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
