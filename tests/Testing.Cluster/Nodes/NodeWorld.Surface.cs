using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Testing.Nodes.Agents;
using ClusterTrail.Testing.Nodes.Controllers;
using k8s.Models;

namespace ClusterTrail.Testing.Nodes;

/// <summary>What tests do to the nodes.</summary>
public sealed partial class NodeWorld
{
    /// <summary>The label and the taint of kubeadm's control-plane nodes.</summary>
    public const string ControlPlane = "node-role.kubernetes.io/control-plane";

    /// <summary>A node joins, with a kubelet of its own.</summary>
    /// <param name="labels">Beside its host name.</param>
    /// <param name="taints">As kubectl takes them: <c>key=value:Effect</c> or <c>key:Effect</c>.</param>
    public async Task AddNodeAsync(
        string name,
        IReadOnlyDictionary<string, string>? labels = null,
        IEnumerable<string>? taints = null,
        CancellationToken cancellationToken = default)
    {
        var json = new JsonObject { ["kubernetes.io/hostname"] = name, ["kubernetes.io/os"] = "linux" };
        foreach (var (key, value) in labels ?? new Dictionary<string, string>())
            json[key] = value;
        await clients.ApplyAsync(
            Part.Kubelet,
            ResourceType.Of<V1Node>(),
            new()
            {
                ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = json },
                ["spec"] = NodeLifecycle.Taints((taints ?? []).Select(NodeTaint.Parse)),
            },
            cancellationToken);
        kubelets[name] = new(name, parts);
    }

    /// <summary>A node as kubeadm makes those of the control plane.</summary>
    public Task AddControlPlaneNodeAsync(string name, CancellationToken cancellationToken = default) =>
        AddNodeAsync(name, new Dictionary<string, string> { [ControlPlane] = "" }, [$"{ControlPlane}:NoSchedule"], cancellationToken);

    public Task TaintAsync(string node, string taint, CancellationToken cancellationToken = default) =>
        SetTaintsAsync(node, taints => [.. taints, NodeTaint.Parse(taint)], cancellationToken);

    public Task UntaintAsync(string node, string taint, CancellationToken cancellationToken = default) =>
        SetTaintsAsync(node, taints => taints.Where(one => one != NodeTaint.Parse(taint)), cancellationToken);

    /// <param name="value">Nothing: the label goes.</param>
    public Task LabelAsync(string node, string key, string? value, CancellationToken cancellationToken = default) => EditAsync(
        node,
        seen => seen with { Metadata = seen.Metadata with { Labels = new Dictionary<string, string> { [key] = value! } } },
        cancellationToken);

    /// <summary>
    /// What <c>kubectl drain --ignore-daemonsets</c> does to a node that runs nothing else: no new pods, and those of DaemonSets stay.
    /// </summary>
    public Task DrainAsync(string node, CancellationToken cancellationToken = default) => CordonAsync(node, true, cancellationToken);

    public Task UncordonAsync(string node, CancellationToken cancellationToken = default) => CordonAsync(node, false, cancellationToken);

    /// <summary>Cuts a node off: nothing is heard of it, what runs there runs on, and what is deleted there terminates for ever.</summary>
    public Task LoseAsync(string node) => BetweenRoundsAsync(() => kubelets[node].LoseAsync(), default);

    public Task ReturnAsync(string node) => BetweenRoundsAsync(() => kubelets[node].ReturnAsync(), default);

    /// <summary>Removes a node for good. Its pods are collected.</summary>
    public Task DeleteNodeAsync(string node, CancellationToken cancellationToken = default) => BetweenRoundsAsync(
        async () =>
        {
            if (kubelets.TryRemove(node, out var kubelet))
                await kubelet.DisposeAsync();
            await clients.Of(Part.Administrator).DeleteAsync(ResourceType.Of<V1Node>(), new(null, node), cancellationToken);
        },
        cancellationToken);

    /// <summary>How long changes of ConfigMaps and Secrets take to come to the pods from now on.</summary>
    public void SlowConfigMaps(TimeSpan delay) => settings.ConfigMapDelay = delay;

    /// <summary>The most that probes wait from now on. They wait in real time, also where the clock is stepped.</summary>
    public void ShortenProbes(TimeSpan patience) => settings.ProbePatience = patience;

    /// <summary>Takes an image out of the registry. Nodes that have it keep it.</summary>
    public void BreakImage(string image, string reason = "not found") => images.Break(image, reason);

    public void MendImage(string image) => images.Break(image, reason: null);

    /// <summary>Has the API server refuse new pods of a namespace.</summary>
    public void RefusePods(string @namespace, PodRefusal refusal) => admission.Refuse(@namespace, refusal);

    public void AllowPods(string @namespace) => admission.Refuse(@namespace, refusal: null);

    /// <summary>Leaves no room on a node for new pods.</summary>
    /// <param name="resource">Of which there is too little, such as <c>memory</c>; nothing: there is room again.</param>
    public void Fill(string node, string? resource) => scheduler.Fill(node, resource);

    /// <summary>What is at a path of a node, where agents run in memory. The default is a folder.</summary>
    public void PutHostPath(string node, string path, HostPathKind kind) => ((InMemoryRuntime)runtime).Put(node, path, kind);

    /// <summary>Ends what runs on a node.</summary>
    public void Crash(string node, bool oomKilled = false)
    {
        foreach (var (_, process) in kubelets[node].Processes)
            process.Crash(oomKilled ? PodExit.OutOfMemory : PodExit.Of(134));
    }

    /// <summary>What names a Trail's agents of workloads where its other agents have the Trail's name.</summary>
    public static string WorkloadsOf(string trail = "main") => $"{trail}/workloads";

    /// <summary>What a Trail's agent on a node does, where agents run in memory.</summary>
    public ScriptedAgent AgentOf(string node, string trail = "main") => ((InMemoryRuntime)runtime).AgentOf(node, trail);

    /// <summary>The processes that run on a node, and the uid of each one's pod.</summary>
    public IReadOnlyList<(string PodUid, IPodProcess Process)> ProcessesOf(string node) =>
        kubelets.TryGetValue(node, out var kubelet) ? [.. kubelet.Processes] : [];

    /// <summary>The pods of a namespace as they stand in the cluster, terminating ones among them.</summary>
    public async Task<IReadOnlyList<Seen>> PodsAsync(string @namespace, CancellationToken cancellationToken = default) =>
        (await clients.Reading.ListAllAsync<Seen>(ResourceType.Of<V1Pod>(), new(@namespace), cancellationToken)).Items;

    Task CordonAsync(string node, bool isCordoned, CancellationToken cancellationToken) => EditAsync(
        node, seen => seen with { Spec = new() { ["unschedulable"] = isCordoned } }, cancellationToken);

    Task SetTaintsAsync(string node, Func<IReadOnlyList<NodeTaint>, IEnumerable<NodeTaint>> change, CancellationToken cancellationToken) =>
        EditAsync(node, seen => seen with { Spec = NodeLifecycle.Taints(change(NodeTaint.Of(seen))) }, cancellationToken);

    /// <param name="change">What is left of the spec is what is written.</param>
    Task EditAsync(string node, Func<Seen, Seen> change, CancellationToken cancellationToken) => BetweenRoundsAsync(
        async () =>
        {
            var seen = await clients.Reading.GetAsync<Seen>(ResourceType.Of<V1Node>(), new(null, node), cancellationToken)
                ?? throw new InvalidOperationException($"There is no node {node}.");
            var edited = change(seen) with { Status = null };
            if (ReferenceEquals(edited.Spec, seen.Spec))
                edited = edited with { Spec = null };
            await clients.Of(Part.Administrator).SaveAsync(ResourceType.Of<V1Node>(), edited, cancellationToken);
        },
        cancellationToken);

    // No round is made meanwhile, which might write what it has seen before.
    async Task BetweenRoundsAsync(Func<Task> act, CancellationToken cancellationToken)
    {
        await oneAtATime.WaitAsync(cancellationToken);
        try
        {
            await act();
        }
        finally
        {
            oneAtATime.Release();
        }
    }
}
