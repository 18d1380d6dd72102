using System.Collections.Concurrent;
using ClusterTrail.Kubernetes;
using ClusterTrail.Kubernetes.Control;
using ClusterTrail.Operator.Model;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Cache;

/// <summary>
/// All pods of the cluster by node, with the labels that rules name. Nothing is read until a rule names one, or records get labels.
/// </summary>
/// <remarks>
/// Guarantee: of a pod only its name, its uid, its node and the labels that rules name are in memory, and pods with the same labels
/// share them.
/// </remarks>
sealed class PodCatalog
{
    const int LongestUid = 64;

    // Twice what Kubernetes is made for. Agents say so of pods whose labels they do not get.
    const int MostPods = 300_000;
    const int MostShared = 100_000;

    readonly TimeProvider time;
    readonly Admission places = new(MostPods, MostPods);
    readonly Informer<PodOnNode> informer;
    readonly TaskCompletionSource needed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly ConcurrentDictionary<string, IReadOnlyList<string>> keysOf = new();
    readonly ConcurrentDictionary<string, NodeLabels> nodes = new();
    readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> shared = new();
    readonly ConcurrentDictionary<string, PodPlace> placeOf = new();
    volatile IReadOnlyList<string> keys = [];

    public PodCatalog(ICluster cluster, KubernetesMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        this.time = time;
        informer = new(
            cluster, ResourceType.Of<V1Pod>(), new(Limit: PageSize.OfStrangers), metrics, time, loggers.CreateLogger<Informer<PodOnNode>>(),
            Keep);
        informer.OnChange(Note);
    }

    /// <summary>How many pods are known.</summary>
    public int Count => informer.Objects.Count();

    /// <summary>Says which labels the rules of a Trail name.</summary>
    /// <param name="trail">The Trail.</param>
    /// <param name="labels">Their keys.</param>
    /// <param name="isEnriching">Whether its agents need to know the pods of their nodes in any case.</param>
    public void Need(string trail, IReadOnlyList<string> labels, bool isEnriching = false)
    {
        if (labels.Count == 0 && !isEnriching)
            keysOf.TryRemove(trail, out _);
        else
            keysOf[trail] = labels;
        IReadOnlyList<string> now = [.. keysOf.Values.SelectMany(one => one).Distinct().Order(StringComparer.Ordinal)];
        // What is not needed any more does no harm: a tenant who removes a rule and makes it again causes no list of all pods.
        if (now.All(keys.Contains) && (!isEnriching || needed.Task.IsCompleted))
            return;
        keys = now;
        // What was left out of pods is read again.
        shared.Clear();
        if (!needed.TrySetResult())
            informer.ListAgain();
    }

    /// <summary>What the agent of a node should know; null while it is not known, or the rules of its Trail name no labels.</summary>
    public NodePods? Of(string trail, string node) =>
        !keysOf.ContainsKey(trail) || !informer.Ready.IsCompletedSuccessfully ? null
            : nodes.TryGetValue(node, out var pods) ? pods.Current : new NodeLabels(time).Current;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await needed.Task.WaitAsync(cancellationToken);
        await informer.RunAsync(cancellationToken);
    }

    PodOnNode? Keep(PodOnNode pod) =>
        pod is { Node: { Length: > 0 } node, Uid.Length: <= LongestUid } && places.Admit(pod.Key)
            ? pod.With(Shared(pod.Labels), placeOf.GetOrAdd(node, name => new() { NodeName = SharedText.Of(name) }), informer.Find(pod.Key))
            : null;

    // Pods of one workload have the same labels; a key per pod, such as of a StatefulSet, is its own.
    IReadOnlyDictionary<string, string> Shared(IReadOnlyDictionary<string, string> labels)
    {
        if (shared.Count > MostShared)
            shared.Clear();
        var its = keys.Where(labels.ContainsKey).Select(key => KeyValuePair.Create(key, labels[key])).ToList();
        var text = string.Join('\n', its.Select(label => $"{label.Key}={label.Value}"));
        return shared.GetOrAdd(text, _ => new Dictionary<string, string>(its));
    }

    void Note(Change<PodOnNode> change)
    {
        if (change.Before is { } before && (change.After is not { } same || same.Uid != before.Uid))
            Lose(before);
        if (change.After is null && change.Before is { } gone && places.Remove(gone.Key))
            informer.ListAgain();
        if (change.After is { } pod)
            nodes.GetOrAdd(pod.Node!, _ => new(time)).Note(new(pod.Uid!, pod.Namespace, pod.Controller), pod.Labels);
    }

    void Lose(PodOnNode pod)
    {
        if (!nodes.TryGetValue(pod.Node!, out var pods))
            return;
        pods.Lose(pod.Uid!);
        if (pods.IsEmpty)
        {
            nodes.TryRemove(pod.Node!, out _);
            placeOf.TryRemove(pod.Node!, out _);
        }
    }
}
