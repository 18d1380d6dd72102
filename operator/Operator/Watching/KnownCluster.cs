using ClusterTrail.Kubernetes;
using ClusterTrail.Kubernetes.Control;
using ClusterTrail.Trails;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Watching;

/// <summary>The operator's copy of all that Trails depend on, kept up to date by watches.</summary>
/// <remarks>
/// Guarantee: a reconcile reads from here and asks the API server for nothing. Secrets are those of the operator's own namespace only.
/// </remarks>
sealed class KnownCluster
{
    readonly ICluster cluster;
    readonly KubernetesMetrics metrics;
    readonly TimeProvider time;
    readonly ILoggerFactory loggers;
    readonly List<Func<CancellationToken, Task>> watches = [];
    readonly List<Task> ready = [];
    readonly List<Func<string?>> versions = [];

    public KnownCluster(ICluster cluster, string ownNamespace, Wakes wakes, KubernetesMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        (this.cluster, this.metrics, this.time, this.loggers) = (cluster, metrics, time, loggers);
        var own = new ListQuery(ownNamespace);
        var ours = own with { LabelSelector = Labels.OurSelector };
        Trails = Watch<Trail>(new(), change => wakes.Changed(change));
        Selectors = Watch<TrailSelector>(new(), change => wakes.Changed(change));
        Namespaces = Watch<PartialResource>(ResourceType.Of<V1Namespace>(), new(), wakes.NamespaceChanged);
        Secrets = Watch<V1Secret>(own, change => wakes.ReferenceChanged(change.Key));
        ConfigMaps = Watch<V1ConfigMap>(own, change =>
        {
            wakes.ReferenceChanged(change.Key);
            wakes.OwnedChanged(change);
        });
        DaemonSets = Watch<V1DaemonSet>(ours, wakes.OwnedChanged);
        Pods = Watch<V1Pod>(ours, wakes.OwnedChanged);
        ServiceAccounts = Watch<PartialResource>(ResourceType.Of<V1ServiceAccount>(), ours, wakes.OwnedChanged);
        NetworkPolicies = Watch<PartialResource>(ResourceType.Of<V1NetworkPolicy>(), ours, wakes.OwnedChanged);
        Nodes = Watch<V1Node>(new(), wakes.NodeChanged);
        Events = Watch<Eventsv1Event>(own, wakes.EventSeen);
        Definitions = Watch<PartialResource>(ResourceType.Of<V1CustomResourceDefinition>(), new(), wakes.DefinitionChanged);
        wakes.LookUpIn(this);
    }

    public Informer<Trail> Trails { get; }

    public Informer<TrailSelector> Selectors { get; }

    public Informer<PartialResource> Namespaces { get; }

    public Informer<V1Secret> Secrets { get; }

    public Informer<V1ConfigMap> ConfigMaps { get; }

    public Informer<V1DaemonSet> DaemonSets { get; }

    public Informer<V1Pod> Pods { get; }

    public Informer<PartialResource> ServiceAccounts { get; }

    public Informer<PartialResource> NetworkPolicies { get; }

    public Informer<V1Node> Nodes { get; }

    /// <summary>What Kubernetes says of the agents' pods and DaemonSets.</summary>
    public Informer<Eventsv1Event> Events { get; }

    public Informer<PartialResource> Definitions { get; }

    /// <summary>Completes when all there is has been listed once.</summary>
    public Task Ready => Task.WhenAll(ready);

    /// <summary>How far the copy of each kind is.</summary>
    public IEnumerable<string?> Versions => versions.Select(version => version());

    public bool IsServed(ResourceType type) => Definitions.Find(new(null, $"{type.Plural}.{type.Group}")) is not null;

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(watches.Select(watch => watch(cancellationToken)));

    Informer<T> Watch<T>(ListQuery query, Action<Change<T>> changed) where T : class, IKubernetesObject<V1ObjectMeta> =>
        Watch(ResourceType.Of<T>(), query, changed);

    Informer<T> Watch<T>(ResourceType type, ListQuery query, Action<Change<T>> changed) where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var informer = new Informer<T>(cluster, type, query, changed, metrics, time, loggers.CreateLogger<Informer<T>>());
        watches.Add(informer.RunAsync);
        ready.Add(informer.Ready);
        versions.Add(() => informer.ResourceVersion);
        return informer;
    }
}
