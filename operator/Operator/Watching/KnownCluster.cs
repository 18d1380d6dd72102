using ClusterTrail.Kubernetes;
using ClusterTrail.Trails;
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
        Trails = Watch<Trail>(Trail.Definition, new(), change => wakes.Changed(change));
        Selectors = Watch<TrailSelector>(TrailSelector.Definition, new(), change => wakes.Changed(change));
        Namespaces = Watch<PartialResource>(KnownTypes.Namespace, new(), wakes.NamespaceChanged);
        Secrets = Watch<Secret>(Secret.Definition, own, change => wakes.ReferenceChanged(change.Key));
        ConfigMaps = Watch<ConfigMap>(ConfigMap.Definition, own, change => { wakes.ReferenceChanged(change.Key); wakes.OwnedChanged(change); });
        DaemonSets = Watch<DaemonSet>(DaemonSet.Definition, ours, wakes.OwnedChanged);
        Pods = Watch<Pod>(Pod.Definition, ours, wakes.OwnedChanged);
        ServiceAccounts = Watch<PartialResource>(KnownTypes.ServiceAccount, ours, wakes.OwnedChanged);
        NetworkPolicies = Watch<PartialResource>(KnownTypes.NetworkPolicy, ours, wakes.OwnedChanged);
        Nodes = Watch<Node>(Node.Definition, new(), wakes.NodeChanged);
        Events = Watch<Event>(Event.Definition, own, wakes.EventSeen);
        Definitions = Watch<PartialResource>(KnownTypes.CustomResourceDefinition, new(), wakes.DefinitionChanged);
        wakes.LookUpIn(this);
    }

    public Reflector<Trail> Trails { get; }

    public Reflector<TrailSelector> Selectors { get; }

    public Reflector<PartialResource> Namespaces { get; }

    public Reflector<Secret> Secrets { get; }

    public Reflector<ConfigMap> ConfigMaps { get; }

    public Reflector<DaemonSet> DaemonSets { get; }

    public Reflector<Pod> Pods { get; }

    public Reflector<PartialResource> ServiceAccounts { get; }

    public Reflector<PartialResource> NetworkPolicies { get; }

    public Reflector<Node> Nodes { get; }

    /// <summary>What Kubernetes says of the agents' pods and DaemonSets.</summary>
    public Reflector<Event> Events { get; }

    public Reflector<PartialResource> Definitions { get; }

    /// <summary>Completes when all there is has been listed once.</summary>
    public Task Ready => Task.WhenAll(ready);

    /// <summary>How far the copy of each kind is.</summary>
    public IEnumerable<string?> Versions => versions.Select(version => version());

    public bool IsServed(ResourceType type) => Definitions.Find(new(null, $"{type.Plural}.{type.Group}")) is not null;

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(watches.Select(watch => watch(cancellationToken)));

    Reflector<T> Watch<T>(ResourceType type, ListQuery query, Action<Change<T>> changed) where T : Resource
    {
        var reflector = new Reflector<T>(cluster, type, query, changed, metrics, time, loggers.CreateLogger<Reflector<T>>());
        watches.Add(reflector.RunAsync);
        ready.Add(reflector.Ready);
        versions.Add(() => reflector.ResourceVersion);
        return reflector;
    }
}
