using ClusterTrail.Contract;
using ClusterTrail.Kubernetes;
using ClusterTrail.Kubernetes.Control;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Cache;

/// <summary>The operator's copy of all that Trails depend on, kept up to date by watches: an informer for each kind.</summary>
/// <remarks>
/// Guarantees: a reconcile reads from here, and sends read requests only for rules and rule files that are too many to be kept. Of
/// Secrets, those of the operator's own namespace, without their values. Whatever others write into objects, memory is bounded:
/// <see cref="Kept"/> says what is kept of an object, <see cref="SelectorQuota"/> of how many.
/// </remarks>
sealed class ClusterCache
{
    // Of more Events nobody reads the oldest.
    const int MostEvents = 5_000;
    const int MostPods = 10_000;
    const int MostOfOwn = 5_000;

    // The agents' pods name their Trail.
    const string OwnPods = AgentLabels.Trail;

    readonly ICluster cluster;
    readonly KubernetesMetrics metrics;
    readonly TimeProvider time;
    readonly ILoggerFactory loggers;
    readonly List<Func<CancellationToken, Task>> watches = [];
    readonly List<Task> ready = [];
    readonly List<Func<string?>> versions = [];
    readonly Admission selectorsRead;
    readonly SelectorQuota quota;
    readonly string ownNamespace;
    long namespaceVersion;

    public ClusterCache(ICluster cluster, OperatorOptions options, KubernetesMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        (this.cluster, this.metrics, this.time, this.loggers, quota) = (cluster, metrics, time, loggers, options.Quota);
        ownNamespace = options.Namespace;
        selectorsRead = new(quota.ReadPerNamespace, quota.MostRead);
        SelectorIndex = new(quota);
        var own = new ListQuery(options.Namespace, Limit: PageSize.OfStrangers);
        var all = new ListQuery(Limit: PageSize.OfStrangers);
        Trails = Watch<Trail>(all, Kept.Trail);
        Selectors = Watch<TrailSelector>(all, Read);
        Namespaces = Watch(ResourceType.Of<V1Namespace>(), all, (Func<PartialResource, PartialResource?>)Kept.Namespace);
        Secrets = Watch<V1Secret>(own, Admitted<V1Secret>(MostOfOwn, Kept.Secret));
        var contents = new ConfigMapBudget();
        ConfigMaps = Watch<V1ConfigMap>(own, Admitted<V1ConfigMap>(MostOfOwn, contents.Keep));
        ConfigMaps.OnChange(change =>
        {
            if (change.After is null)
                contents.Remove(change.Key);
        });
        DaemonSets = Watch<V1DaemonSet>(own, Admitted<V1DaemonSet>(MostOfOwn, Kept.DaemonSet));
        StatefulSets = Watch<V1StatefulSet>(own, Admitted<V1StatefulSet>(MostOfOwn, Kept.StatefulSet));
        Pods = Watch<V1Pod>(own with { LabelSelector = OwnPods }, Admitted<V1Pod>(MostPods, Kept.Pod));
        ServiceAccounts = Watch(ResourceType.Of<V1ServiceAccount>(), own, Admitted<PartialResource>(MostOfOwn, Kept.Identity));
        NetworkPolicies = Watch(ResourceType.Of<V1NetworkPolicy>(), own, Admitted<PartialResource>(MostOfOwn, Kept.Identity));
        Nodes = Watch<V1Node>(all, Kept.Node);
        Events = Watch<Eventsv1Event>(own, Admitted<Eventsv1Event>(MostEvents, Kept.Event));
        // The one that is asked for: a cluster may have hundreds, of a megabyte each.
        Definitions = Watch(
            ResourceType.Of<V1CustomResourceDefinition>(), new() { FieldSelector = $"metadata.name={NameOf(AgentPodMonitor.Type)}" },
            (Func<PartialResource, PartialResource?>)Kept.Identity);
        LabelledNamespaces = new(Namespaces, time);
        Owners = new(cluster, metrics, time, loggers);
        AllPods = new(cluster, metrics, time, loggers);
        if (options.Workloads)
            watches.AddRange([AllPods.RunAsync, Owners.RunAsync]);
        Selectors.OnChange(SelectorIndex.Note);
        Selectors.OnChange(change =>
        {
            if (change.After is null && selectorsRead.Remove(change.Key))
                Selectors.ListAgain();
        });
        Namespaces.OnChange(change =>
        {
            if (!HaveSameLabels(change))
                Interlocked.Increment(ref namespaceVersion);
        });
    }

    public Informer<Trail> Trails { get; }

    /// <summary>They are <see cref="KeptSelector"/>s.</summary>
    public Informer<TrailSelector> Selectors { get; }

    public SelectorIndex SelectorIndex { get; }

    /// <summary>The namespaces with more TrailSelectors than are read.</summary>
    public IReadOnlyList<string> NamespacesLeftOut => selectorsRead.Full;

    /// <summary>Another number when a namespace has other labels than before.</summary>
    public long NamespaceVersion => Interlocked.Read(ref namespaceVersion);

    public Informer<PartialResource> Namespaces { get; }

    /// <summary>Their labels that records get.</summary>
    public NamespaceCatalog LabelledNamespaces { get; }

    public Informer<V1Secret> Secrets { get; }

    public Informer<V1ConfigMap> ConfigMaps { get; }

    public Informer<V1DaemonSet> DaemonSets { get; }

    public Informer<V1StatefulSet> StatefulSets { get; }

    /// <summary>Those of agents.</summary>
    public Informer<V1Pod> Pods { get; }

    /// <summary>Those of all namespaces, for rules that name their labels.</summary>
    public PodCatalog AllPods { get; }

    /// <summary>What controls them, for records that get its labels.</summary>
    public OwnerCatalog Owners { get; }

    public Informer<PartialResource> ServiceAccounts { get; }

    public Informer<PartialResource> NetworkPolicies { get; }

    public Informer<V1Node> Nodes { get; }

    /// <summary>What Kubernetes says of the agents' pods, and of what makes them.</summary>
    public Informer<Eventsv1Event> Events { get; }

    public Informer<PartialResource> Definitions { get; }

    /// <summary>Completes when all there is has been listed once.</summary>
    public Task Ready => Task.WhenAll(ready);

    /// <summary>How far the copy of each kind is.</summary>
    public IEnumerable<string?> Versions => versions.Select(version => version());

    public bool IsServed(ResourceType type) => Definitions.Find(new(null, NameOf(type))) is not null;

    /// <summary>Whether the Trail that a pod names has made it: anybody can write a label.</summary>
    public bool IsAgent(V1Pod pod) => RoleOf(pod) is not null;

    /// <summary>What an agent is for; null of a pod that is none.</summary>
    public AgentRole? RoleOf(V1Pod pod)
    {
        if (AgentLabels.TrailOf(pod) is not { } trail
            || pod.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true) is not { } owner)
            return null;
        foreach (var role in AgentRoles.All)
        {
            if (SetOf(trail, role)?.Uid is { } uid && uid == owner.Uid)
                return role;
        }

        return null;
    }

    /// <summary>What makes the pods of a Trail's agents of a role; null while it was not made.</summary>
    /// <remarks>A Trail has one or the other: its schema lets none change between them.</remarks>
    public AgentSet? SetOf(string trail, AgentRole role)
    {
        var names = new AgentNames(trail);
        return DaemonSets.Find(new(ownNamespace, names.DaemonSetOf(role))) is { } daemons ? AgentSet.Of(daemons)
            : role == AgentRole.ApiServer && StatefulSets.Find(new(ownNamespace, names.StatefulSet)) is { } set ? AgentSet.Of(set)
            : null;
    }

    /// <summary>The namespaces, with their labels.</summary>
    public IReadOnlyList<NamespaceLabels> NamespaceLabels() =>
        [.. Namespaces.Objects.Select(one => new NamespaceLabels(one.Metadata.Name, one.LabelMap))];

    /// <summary>Says which labels the records of a Trail get; null for none.</summary>
    public void NeedLabels(string trail, EnrichmentConfiguration? enrichment)
    {
        LabelledNamespaces.Need(trail, enrichment?.NamespaceLabels ?? []);
        Owners.Need(trail, enrichment?.OwnerLabels ?? []);
    }

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(watches.Select(watch => watch(cancellationToken)));

    public static bool HaveSameLabels(Change<PartialResource> change) =>
        change is { Before: { } before, After: { } after }
            && before.LabelMap.Count == after.LabelMap.Count
            && before.LabelMap.All(label => after.LabelMap.GetValueOrDefault(label.Key) == label.Value);

    static string NameOf(ResourceType type) => $"{type.Plural}.{type.Group}";

    KeptSelector? Read(TrailSelector selector) => selectorsRead.Admit(selector.Key) ? KeptSelector.Of(selector, quota) : null;

    // Objects of the operator's own namespace: who may create them there may create very many.
    static Admitting<T> Admitted<T>(int most, Func<T, T?> keep) where T : class, IKubernetesObject<V1ObjectMeta> =>
        new(new(most, most), keep);

    Informer<T> Watch<T>(ListQuery query, Func<T, T?> keep) where T : class, IKubernetesObject<V1ObjectMeta> =>
        Watch(ResourceType.Of<T>(), query, keep);

    Informer<T> Watch<T>(ListQuery query, Admitting<T> keep) where T : class, IKubernetesObject<V1ObjectMeta> =>
        Watch(ResourceType.Of<T>(), query, keep);

    Informer<T> Watch<T>(ResourceType type, ListQuery query, Admitting<T> keep) where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var informer = Watch<T>(type, query, item => keep.Keep(item) is { } kept && keep.Places.Admit(kept.Key) ? kept : null);
        informer.OnChange(change =>
        {
            if (change.After is null && keep.Places.Remove(change.Key))
                informer.ListAgain();
        });
        return informer;
    }

    Informer<T> Watch<T>(ResourceType type, ListQuery query, Func<T, T?> keep) where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var informer = new Informer<T>(cluster, type, query, metrics, time, loggers.CreateLogger<Informer<T>>(), keep);
        watches.Add(informer.RunAsync);
        ready.Add(informer.Ready);
        versions.Add(() => informer.ResourceVersion);
        return informer;
    }

    sealed record Admitting<T>(Admission Places, Func<T, T?> Keep);
}
