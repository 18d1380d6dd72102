using System.Diagnostics;
using ClusterTrail.Kubernetes;
using ClusterTrail.Kubernetes.Control;
using ClusterTrail.Operator.Agents;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Operator.Events;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;
using k8s;
using k8s.Models;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Applies a Trail's objects by its spec, and its status by the state of its agents.</summary>
sealed class TrailReconciler(
    TrailParts parts, ClusterCache cache, SnapshotBuilder snapshots, StatusWriter status, FindingEvents findings, TrailRemoval removal)
{
    // When the copy of the cluster does not show yet what was applied.
    static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    // An agent that is missing, or not ready, becomes a problem only after some time.
    static readonly TimeSpan WhileUnsettled = TimeSpan.FromSeconds(10);

    public const string ActivityName = "ClusterTrail.Operator";

    static readonly ActivitySource Activities = new(ActivityName);

    // Hundreds of TrailSelectors that change together make one new file.
    static readonly TimeSpan SelectorsSettle = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// What makes it look at a Trail: the Trail, what it names, what was made for it, its nodes, and what its agents say.
    /// </summary>
    public static void Watch(ClusterCache cache, AgentPoller agents, WorkQueue<ObjectKey> queue)
    {
        cache.Trails.OnChange(change => queue.Add(change.Key));
        cache.Selectors.OnChange(SelectorChanged);
        cache.Namespaces.OnChange(change =>
        {
            if (ClusterCache.HaveSameLabels(change))
                return;
            AddAll(cache.SelectorIndex.TrailsOf(change.Key.Name), SelectorsSettle);
            AddAll(
                cache.Trails.Objects.Where(trail => WorkloadsAsked.DependsOnNamespaces(trail.Spec)).Select(trail => trail.Metadata.Name),
                SelectorsSettle);
        });
        cache.Secrets.OnChange(change => AddWhere(trail => References.Names(trail).Contains(change.Key.Name)));
        cache.Secrets.OnChange(OwnedChanged);
        cache.ConfigMaps.OnChange(change => AddWhere(trail => References.Names(trail).Contains(change.Key.Name)));
        cache.ConfigMaps.OnChange(OwnedChanged);
        cache.DaemonSets.OnChange(OwnedChanged);
        cache.StatefulSets.OnChange(OwnedChanged);
        cache.Pods.OnChange(OwnedChanged);
        cache.ServiceAccounts.OnChange(OwnedChanged);
        cache.NetworkPolicies.OnChange(OwnedChanged);
        cache.Nodes.OnChange(change =>
        {
            if (!NodeFacts.AreSame(change.Before, change.After))
                AddWhere(trail => Concerns(trail, change.Before) || Concerns(trail, change.After));
        });
        cache.Events.OnChange(change => Add(change.After is { } seen ? TrailOf(seen, cache) : null));
        cache.Definitions.OnChange(change =>
        {
            if ((change.Before is null) != (change.After is null))
                AddWhere(_ => true);
        });
        agents.OnPolled(Add);

        void SelectorChanged(Change<TrailSelector> change)
        {
            if (SelectorReconciler.HasNewSpec(change))
                AddAll([change.Before?.Spec.Trail, change.After?.Spec.Trail], SelectorsSettle);
        }

        void OwnedChanged<T>(Change<T> change) where T : class, IKubernetesObject<V1ObjectMeta>
        {
            Add(AgentLabels.TrailOf(change.After ?? change.Before!));
            // A name that was taken is free again.
            if (change.After is null && AgentLabels.TrailOf(change.Before!) is null)
                AddAll(AgentNames.TrailsWith(change.Key.Name), TimeSpan.Zero);
        }

        void Add(string? trail) => AddAll([trail], TimeSpan.Zero);

        void AddAll(IEnumerable<string?> trails, TimeSpan delay)
        {
            foreach (var trail in trails.OfType<string>().Distinct())
                queue.Add(new(null, trail), delay);
        }

        void AddWhere(Func<Trail, bool> which) =>
            AddAll(cache.Trails.Objects.Where(which).Select(trail => trail.Metadata.Name), TimeSpan.Zero);
    }

    /// <returns>When to look again, if nothing happens before.</returns>
    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        using var activity = Activities.StartActivity("reconcile Trail")?.SetTag("clustertrail.trail", key.Name);
        parts.Attachments.Judge(key.Name);
        if (cache.Trails.Find(key) is not { } trail)
        {
            findings.Forget(key.Name);
            cache.AllPods.Need(key.Name, []);
            cache.NeedLabels(key.Name, null);
            return null; // What it owned is collected by Kubernetes.
        }

        try
        {
            return await ReconcileAsync(trail, cancellationToken);
        }
        finally
        {
            // Also if that failed: the user who breaks a Trail may be the one who is found.
            await findings.WriteAsync(trail, snapshots.ReportsOf(trail), cancellationToken);
        }
    }

    async Task<TimeSpan?> ReconcileAsync(Trail trail, CancellationToken cancellationToken)
    {
        var attached = await parts.Attachments.RulesAsync(trail.Metadata.Name, cancellationToken);
        if (trail.Metadata.DeletionTimestamp is not null)
            return await removal.Trails.ContinueAsync(trail, attached, cancellationToken);
        if (!Finalizer.IsOn(trail))
            await Finalizer.AddAsync(parts.Cluster, trail, cancellationToken);

        var snapshot = await parts.CheckAsync(snapshots.Build(status.WithLatest(trail), attached), cancellationToken);
        findings.Know(trail, snapshot.View.Rules);
        // While the spec cannot be used, agents go on with what they have.
        if (snapshot.Objects.Count > 0)
        {
            cache.AllPods.Need(trail.Metadata.Name, snapshot.PodLabels, snapshot.NeedsPods);
            cache.NeedLabels(trail.Metadata.Name, snapshot.Enrichment);
        }

        // Without objects, agents continue as they were, until the spec and what it names are valid.
        var isUpToDate = true;
        foreach (var desired in snapshot.Objects)
            isUpToDate &= await parts.Objects.ApplyAsync(desired, cancellationToken);
        var going = await removal.Workloads.ContinueAsync(snapshot.View, cancellationToken);
        var again = await status.WriteAsync(await parts.Chains.LookAsync(
            snapshot.View with { Completeness = parts.Completeness.Of(trail.Metadata.Name) }, cancellationToken), cancellationToken);
        return going is not null ? going : !isUpToDate ? LookAgain : snapshot.View.IsSettled ? again : WhileUnsettled;
    }

    static bool Concerns(Trail trail, V1Node? node) =>
        node is not null && AgentRoles.All.Any(role => AgentPlacement.Concerns(trail.Spec.AgentOf(role), node, role));

    // What Kubernetes warns of when it makes and runs the agents' pods.
    static string? TrailOf(Eventsv1Event seen, ClusterCache cache)
    {
        if (seen is not { Type: "Warning", Regarding: { } regarding })
            return null;
        var key = new ObjectKey(seen.Metadata.NamespaceProperty, regarding.Name);
        IKubernetesObject<V1ObjectMeta>? about = regarding.Kind switch
        {
            "Pod" => cache.Pods.Find(key),
            "DaemonSet" => cache.DaemonSets.Find(key),
            Collector.OwnerKind => cache.StatefulSets.Find(key),
            _ => null,
        };
        return about is null ? null : AgentLabels.TrailOf(about);
    }
}
