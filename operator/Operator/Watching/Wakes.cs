using ClusterTrail.Kubernetes;
using ClusterTrail.Kubernetes.Control;
using ClusterTrail.Operator.Reconcile;
using ClusterTrail.Trails;
using k8s;
using k8s.Models;

namespace ClusterTrail.Operator.Watching;

/// <summary>Which Trails and TrailSelectors are looked at again when something in the cluster changes.</summary>
sealed class Wakes(WorkQueue<ObjectKey> trails, WorkQueue<ObjectKey> selectors)
{
    // Hundreds of TrailSelectors that change together make one new file.
    static readonly TimeSpan SelectorsSettle = TimeSpan.FromMilliseconds(200);

    KnownCluster? known;

    /// <summary>Until there is a copy to look things up in, the first full list tells of everything.</summary>
    public void LookUpIn(KnownCluster cluster) => known = cluster;

    public void Changed(Change<Trail> change)
    {
        trails.Add(change.Key);
        if (change.Before?.Metadata.Generation != change.After?.Metadata.Generation)
            WakeSelectors(selector => selector.Spec.Trail == change.Key.Name);
    }

    public void Changed(Change<TrailSelector> change)
    {
        selectors.Add(change.Key);
        if (change.Before?.Metadata.Generation == change.After?.Metadata.Generation && change is { Before: not null, After: not null })
            return;
        foreach (var trail in new[] { change.Before?.Spec.Trail, change.After?.Spec.Trail }.OfType<string>().Distinct())
            trails.Add(new(null, trail), SelectorsSettle);
    }

    public void NamespaceChanged(Change<PartialResource> change)
    {
        var touched = known?.Selectors.Objects.Where(selector => selector.Metadata.NamespaceProperty == change.Key.Name) ?? [];
        foreach (var selector in touched)
        {
            selectors.Add(selector.Key);
            trails.Add(new(null, selector.Spec.Trail), SelectorsSettle);
        }
    }

    public void ReferenceChanged(ObjectKey key)
    {
        foreach (var trail in known?.Trails.Objects.Where(trail => References.Names(trail).Contains(key.Name)) ?? [])
            trails.Add(trail.Key);
    }

    public void OwnedChanged<T>(Change<T> change) where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (Labels.TrailOf(change.After ?? change.Before!) is { } trail)
            trails.Add(new(null, trail));
    }

    public void NodeChanged(Change<V1Node> change)
    {
        if (change is { Before: { } before, After: { } after } && IsSame(before, after))
            return;
        foreach (var trail in known?.Trails.Objects.Where(trail => IsConcerned(trail, change.Before) || IsConcerned(trail, change.After)) ?? [])
            trails.Add(trail.Key);
    }

    public void EventSeen(Change<Eventsv1Event> change)
    {
        if (change.After is not { Type: "Warning", Regarding: { } regarding })
            return;
        var trail = regarding.Kind switch
        {
            "Pod" => known?.Pods.Find(new(change.Key.Namespace, regarding.Name)) is { } pod ? Labels.TrailOf(pod) : null,
            "DaemonSet" => known?.DaemonSets.Find(new(change.Key.Namespace, regarding.Name)) is { } daemonSet ? Labels.TrailOf(daemonSet) : null,
            _ => null,
        };
        if (trail is not null)
            trails.Add(new(null, trail));
    }

    public void DefinitionChanged(Change<PartialResource> change)
    {
        if ((change.Before is null) == (change.After is null) || !change.Key.Name.EndsWith($".{KnownTypes.PodMonitor.Group}", StringComparison.Ordinal))
            return;
        foreach (var trail in known?.Trails.Objects ?? [])
            trails.Add(trail.Key);
    }

    void WakeSelectors(Func<TrailSelector, bool> which)
    {
        foreach (var selector in known?.Selectors.Objects.Where(which) ?? [])
            selectors.Add(selector.Key);
    }

    static bool IsConcerned(Trail trail, V1Node? node) => node is not null && AgentPlacement.Concerns(trail.Spec.Agent, node);

    // A node's status is written every few minutes, changed or not.
    static bool IsSame(V1Node one, V1Node other) =>
        Facts(one).SequenceEqual(Facts(other));

    static IEnumerable<string> Facts(V1Node node) =>
    [
        .. (node.Metadata.Labels ?? new Dictionary<string, string>()).Select(label => $"{label.Key}={label.Value}").Order(StringComparer.Ordinal),
        .. (node.Spec?.Taints ?? []).Select(taint => taint.ToString()),
        .. (node.Status?.Conditions ?? []).Where(condition => condition.Type == "Ready").Select(condition => condition.Status),
    ];
}
