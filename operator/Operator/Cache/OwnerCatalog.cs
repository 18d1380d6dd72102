using System.Collections.Concurrent;
using ClusterTrail.Contract.Labels;
using ClusterTrail.Kubernetes;
using ClusterTrail.Kubernetes.Control;
using ClusterTrail.Operator.Model;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Cache;

/// <summary>What controls pods, with the labels that records get. Nothing is read until a Trail asks for labels of controllers.</summary>
/// <remarks>
/// Guarantee: of an object only its names, its own controller and the labels that Trails name are in memory, for a while also after it
/// is gone.
/// </remarks>
sealed class OwnerCatalog
{
    // Deployments keep ten old ReplicaSets by default.
    const int MostOfAKind = 100_000;

    readonly TimeProvider time;
    readonly Dictionary<(string Group, string Kind), Watched> watched = [];
    readonly TaskCompletionSource needed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly ConcurrentDictionary<string, IReadOnlyList<string>> keysOf = new();
    readonly ConcurrentDictionary<string, (PartialResource Last, DateTimeOffset At)> gone = new();
    volatile IReadOnlyList<string> keys = [];

    public OwnerCatalog(ICluster cluster, KubernetesMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        this.time = time;
        foreach (var type in new[]
        {
            ResourceType.Of<V1ReplicaSet>(), ResourceType.Of<V1Deployment>(), ResourceType.Of<V1StatefulSet>(),
            ResourceType.Of<V1DaemonSet>(), ResourceType.Of<V1Job>(), ResourceType.Of<V1CronJob>(),
        })
        {
            var places = new Admission(MostOfAKind, MostOfAKind);
            var informer = new Informer<PartialResource>(
                cluster, type, new(Limit: PageSize.OfStrangers), metrics, time, loggers.CreateLogger<Informer<PartialResource>>(),
                resource => places.Admit(resource.Key) ? Keep(resource) : null);
            informer.OnChange(change => Note(places, informer, change));
            watched[(type.Group, type.Kind)] = new(type, informer, places);
        }
    }

    /// <summary>The kinds of which there are more objects than are read.</summary>
    public IReadOnlyList<string> LeftOut =>
        [.. watched.Values.Where(one => one.Places.Full.Count > 0).Select(one => one.Type.Plural).Order(StringComparer.Ordinal)];

    /// <summary>Says which labels of controllers the records of a Trail get.</summary>
    public void Need(string trail, IReadOnlyList<string> labels)
    {
        if (labels.Count == 0)
            keysOf.TryRemove(trail, out _);
        else
            keysOf[trail] = labels;
        IReadOnlyList<string> now = [.. keysOf.Values.SelectMany(one => one).Distinct().Order(StringComparer.Ordinal)];
        // What is not needed any more does no harm.
        if (now.All(keys.Contains))
            return;
        keys = now;
        if (needed.TrySetResult())
            return;
        foreach (var one in watched.Values)
            one.Informer.ListAgain();
    }

    /// <summary>What controls these pods; null while it is not known, or if the records of the Trail get no such labels.</summary>
    public IReadOnlyList<OwnedPods>? Of(string trail, IReadOnlyList<ControlledPod> pods)
    {
        if (!keysOf.TryGetValue(trail, out var labels) || watched.Values.Any(one => !one.Informer.Ready.IsCompletedSuccessfully))
            return null;
        var known = from pod in pods
                    let owner = Resolve(pod)
                    where owner.IsKnown
                    let its = owner.Found?.Metadata
                    group (pod.Uid, owner.Found) by (owner.Type?.Plural, Namespace: its?.NamespaceProperty, its?.Name, its?.Uid) into same
                    orderby same.Key.Plural, same.Key.Namespace, same.Key.Name, same.Key.Uid
                    select same;
        return [.. known.Select(same => new OwnedPods([.. same.Select(pod => pod.Uid)])
        {
            Owner = same.First().Found is { } owner ? Labelled(same.Key.Plural!, owner, labels) : null,
        })];
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await needed.Task.WaitAsync(cancellationToken);
        await Task.WhenAll(watched.Values.Select(one => one.Informer.RunAsync(cancellationToken)));
    }

    static LabelledOwner Labelled(string plural, PartialResource owner, IReadOnlyList<string> its) => new(
        plural, owner.Metadata.NamespaceProperty, owner.Metadata.Name,
        its.Where(owner.LabelMap.ContainsKey).ToDictionary(key => key, key => owner.LabelMap[key]));

    // A pod that nothing controls, or something of another kind, is known to have no controller here. Other groups have a Job too.
    (bool IsKnown, ResourceType? Type, PartialResource? Found) Resolve(ControlledPod pod)
    {
        if (pod.Controller is not { } controller || !watched.TryGetValue((controller.Group, controller.Kind), out var of))
            return (true, null, null);
        if (Find(of, pod.Namespace, controller) is not { } direct)
            return (false, null, null);
        // The Deployment of a ReplicaSet, the CronJob of a Job.
        return ControllerOf(direct.Metadata) is { } above && watched.TryGetValue((above.Group, above.Kind), out var ofAbove)
                && Find(ofAbove, pod.Namespace, above) is { } top
            ? (true, ofAbove.Type, top)
            : (true, of.Type, direct);
    }

    // What was made anew under the same name is another one.
    PartialResource? Find(Watched of, string within, PodController wanted)
    {
        var key = new ObjectKey(within, wanted.Name);
        if (of.Informer.Find(key) is { } live && live.Metadata.Uid == wanted.Uid)
            return live;
        return gone.TryGetValue(wanted.Uid, out var lost) && lost.Last.Key == key ? lost.Last : null;
    }

    PartialResource Keep(PartialResource resource) => resource with
    {
        Metadata = new()
        {
            Name = resource.Metadata.Name,
            NamespaceProperty = SharedText.OfAny(resource.Metadata.NamespaceProperty),
            Uid = resource.Metadata.Uid,
            ResourceVersion = resource.Metadata.ResourceVersion,
            Labels = keys.Where(resource.LabelMap.ContainsKey)
                .ToDictionary(key => key, key => SharedText.Of(resource.LabelMap[key])),
            OwnerReferences = resource.Metadata.OwnerReferences?.Where(owner => owner.Controller == true).Take(1).ToList(),
        },
    };

    void Note(Admission places, Informer<PartialResource> informer, Change<PartialResource> change)
    {
        var now = time.GetUtcNow();
        if (change.Before is { Metadata.Uid: { } uid } last && change.After?.Metadata.Uid != uid)
            gone[uid] = (last, now);
        if (change.After is null && places.Remove(change.Key))
            informer.ListAgain();
        foreach (var old in gone.Where(one => one.Value.At <= now - NodeLabels.Remembered).Select(one => one.Key).ToList())
            gone.TryRemove(old, out _);
    }

    /// <summary>What controls an object.</summary>
    public static PodController? ControllerOf(V1ObjectMeta metadata) =>
        metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true) is { Kind: { } kind, Name: { } name, Uid: { } uid } its
            ? new(GroupOf(its.ApiVersion ?? ""), SharedText.Of(kind), SharedText.Of(name), SharedText.Of(uid))
            : null;

    static string GroupOf(string apiVersion) =>
        apiVersion.LastIndexOf('/') is > 0 and var at ? SharedText.Of(apiVersion[..at]) : "";

    sealed record Watched(ResourceType Type, Informer<PartialResource> Informer, Admission Places);
}

/// <summary>What controls an object, in the same namespace.</summary>
readonly record struct PodController(string Group, string Kind, string Name, string Uid);

/// <summary>A pod, by uid, and what controls it; null if nothing does.</summary>
readonly record struct ControlledPod(string Uid, string Namespace, PodController? Controller);
