using ClusterTrail.Kubernetes;
using ClusterTrail.Kubernetes.Control;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Manifests;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Cache;

/// <summary>The operator's copy of all that Trails depend on, kept up to date by watches: an informer for each kind.</summary>
/// <remarks>
/// Guarantee: a reconcile reads from here and sends no read requests. Secrets are those of the operator's own namespace only.
/// </remarks>
sealed class ClusterCache
{
    // The objects that the operator makes, and the agents' pods: they all name their Trail.
    const string OwnObjects = AgentLabels.Trail;

    readonly ICluster cluster;
    readonly KubernetesMetrics metrics;
    readonly TimeProvider time;
    readonly ILoggerFactory loggers;
    readonly List<Func<CancellationToken, Task>> watches = [];
    readonly List<Task> ready = [];
    readonly List<Func<string?>> versions = [];

    public ClusterCache(ICluster cluster, string ownNamespace, KubernetesMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        (this.cluster, this.metrics, this.time, this.loggers) = (cluster, metrics, time, loggers);
        var own = new ListQuery(ownNamespace);
        var ours = own with { LabelSelector = OwnObjects };
        Trails = Watch<Trail>(new());
        Selectors = Watch<TrailSelector>(new());
        Namespaces = Watch<PartialResource>(ResourceType.Of<V1Namespace>(), new());
        Secrets = Watch<V1Secret>(own);
        ConfigMaps = Watch<V1ConfigMap>(own);
        DaemonSets = Watch<V1DaemonSet>(ours);
        Pods = Watch<V1Pod>(ours);
        ServiceAccounts = Watch<PartialResource>(ResourceType.Of<V1ServiceAccount>(), ours);
        NetworkPolicies = Watch<PartialResource>(ResourceType.Of<V1NetworkPolicy>(), ours);
        Nodes = Watch<V1Node>(new());
        Events = Watch<Eventsv1Event>(own);
        Definitions = Watch<PartialResource>(ResourceType.Of<V1CustomResourceDefinition>(), new());
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

    Informer<T> Watch<T>(ListQuery query) where T : class, IKubernetesObject<V1ObjectMeta> => Watch<T>(ResourceType.Of<T>(), query);

    Informer<T> Watch<T>(ResourceType type, ListQuery query) where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var informer = new Informer<T>(cluster, type, query, metrics, time, loggers.CreateLogger<Informer<T>>());
        watches.Add(informer.RunAsync);
        ready.Add(informer.Ready);
        versions.Add(() => informer.ResourceVersion);
        return informer;
    }
}
