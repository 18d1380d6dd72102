using System.Security.Cryptography;
using System.Text.Json;
using ClusterTrail.Contract.Labels;

namespace ClusterTrail.Operator.Cache;

/// <summary>The pods of one node with the labels that rules name, those that are gone for a little while too.</summary>
sealed class NodeLabels(TimeProvider time)
{
    /// <summary>A pod that lived for seconds is judged by its labels nonetheless. Agents wait for longer.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    readonly Lock guard = new();
    readonly Dictionary<string, Entry> pods = [];
    NodePods? written;
    DateTimeOffset? forgetAt;

    public bool IsEmpty
    {
        get
        {
            lock (guard)
            {
                Forget();
                return pods.Count == 0;
            }
        }
    }

    /// <summary>What an agent should know, and what stands for it.</summary>
    public NodePods Current
    {
        get
        {
            lock (guard)
            {
                Forget();
                return written ??= Write();
            }
        }
    }

    public void Note(ControlledPod pod, IReadOnlyDictionary<string, string> labels)
    {
        lock (guard)
        {
            if (pods.TryGetValue(pod.Uid, out var known)
                && known.GoneAt is null && ReferenceEquals(known.Labels, labels) && known.Pod == pod)
                return;
            (pods[pod.Uid], written) = (new(pod, labels, null), null);
        }
    }

    public void Lose(string uid)
    {
        lock (guard)
        {
            if (!pods.TryGetValue(uid, out var known) || known.GoneAt is not null)
                return;
            var now = time.GetUtcNow();
            pods[uid] = known with { GoneAt = now };
            forgetAt ??= now + Remembered;
        }
    }

    void Forget()
    {
        var now = time.GetUtcNow();
        if (!(forgetAt <= now))
            return;
        foreach (var (uid, _) in pods.Where(pod => pod.Value.GoneAt <= now - Remembered).ToList())
            pods.Remove(uid);
        forgetAt = pods.Values.Min(pod => pod.GoneAt) + Remembered;
        written = null;
    }

    NodePods Write()
    {
        PodLabels[] all = [.. pods.OrderBy(pod => pod.Key, StringComparer.Ordinal).Select(pod => new PodLabels(pod.Key, pod.Value.Labels))];
        return new(
            Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(all))), all,
            [.. pods.OrderBy(pod => pod.Key, StringComparer.Ordinal).Select(pod => pod.Value.Pod)]);
    }

    readonly record struct Entry(ControlledPod Pod, IReadOnlyDictionary<string, string> Labels, DateTimeOffset? GoneAt);
}

/// <summary>What an agent should know of the pods of its node.</summary>
/// <param name="Hash">Stands for the pods and their labels.</param>
/// <param name="Controlled">The same pods, and what controls them.</param>
sealed record NodePods(string Hash, IReadOnlyList<PodLabels> Pods, IReadOnlyList<ControlledPod> Controlled);
