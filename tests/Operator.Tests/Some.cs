using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Operator.Tests;

/// <summary>Test data.</summary>
static class Some
{
    public const string Namespace = "clustertrail-system";
    public const string LogPath = "/var/log/kubernetes/audit/audit.log";
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static Trail Trail(string name = "main") => new()
    {
        Metadata = new() { Name = name, Uid = $"uid-{name}", Generation = 3 },
        Spec = new()
        {
            ClusterName = "prod",
            Sources = new() { ApiServer = new() { Type = ApiServerSourceType.LogFile, LogFile = new() { Path = LogPath } } },
            Sink = new() { Type = SinkType.S3, S3 = new() { Bucket = "audit", Prefix = "prod" } },
        },
    };

    public static TrailSelector Selector(string @namespace, string name, string trail = "main") => new()
    {
        Metadata = new() { NamespaceProperty = @namespace, Name = name },
        Spec = new() { Trail = trail, Rules = [new() { Level = Contract.Selectors.SelectorLevel.RequestResponse }] },
    };

    public static AgentStatus Status(string hash = "5e1ec7") => new()
    {
        Agent = new() { Version = "0.1.0", Revision = "r", ClusterName = "prod", NodeName = "cp-1", Trail = "main", StartedAt = Noon.AddHours(-1) },
        ConfigHash = "c0ffee",
        Selectors = new()
        {
            Hash = hash,
            LoadedAt = Noon,
            RuleSets = 1,
            Policy = new() { ObservedSeconds = 3600, Rules = 0, Events = 0, Shortfalls = [], Others = 0 },
        },
        Sources =
        [
            new()
            {
                Name = "apiserver", State = SourceState.Idle, Path = LogPath, File = "f", Offset = 10, LagBytes = 0, LagSeconds = 0.2,
                LastEventAt = Noon, ReadEvents = 100, SelectedEvents = 60, Gaps = 0,
            },
        ],
        Spool = new() { Bytes = 0, LimitBytes = 1 << 30, Batches = 0, OldestAgeSeconds = 0 },
        Detections = Detections(),
        Integrity = new() { Chain = "agent", Sequence = 0, Records = [] },
        Sinks = [new() { Description = "s3://audit/prod", DeliveredBatches = 2, DeliveredEvents = 60, LastDelivery = new(Noon, "prod/events/x") }],
    };

    public static DetectionsStatus Detections(string hash = "de7ec7") => new() { Hash = hash, LoadedAt = Noon, Rules = 12, Findings = [], CannotFire = [] };

    public static DetectionRule Rule(string name, DetectionSeverity severity) =>
        new() { Name = name, Severity = severity, Group = "g", Description = "d", Match = new() };

    public static V1Pod Pod(string node, string trail = "main", string ip = "127.0.0.1") => new()
    {
        Metadata = new() { Name = $"agent-{trail}-{node}", NamespaceProperty = Namespace, Labels = new Dictionary<string, string>(AgentLabels.Of(trail)), CreationTimestamp = Noon.AddHours(-1).UtcDateTime },
        Spec = new() { NodeName = node },
        Status = new() { Phase = "Running", PodIP = ip, ContainerStatuses = [Running] },
    };

    public static V1ContainerStatus Running { get; } = new()
    {
        Name = "agent",
        Ready = true,
        Image = "agent:1",
        State = new() { Running = new() { StartedAt = Noon.AddHours(-1).UtcDateTime } },
    };

    public static V1DaemonSetStatus Agents(int desired, int available) =>
        new() { DesiredNumberScheduled = desired, NumberReady = available, NumberAvailable = available, ObservedGeneration = 1 };

    public static V1DaemonSet DaemonSet(V1DaemonSetStatus? status = null) => new()
    {
        Metadata = new() { Name = "clustertrail-main-apiserver", NamespaceProperty = Namespace, Uid = "uid-ds", CreationTimestamp = Noon.AddHours(-1).UtcDateTime },
        Status = status ?? Agents(1, 1),
    };

    public static V1Node Node(string name, string ready = "True") => new()
    {
        Metadata = new() { Name = name, CreationTimestamp = Noon.AddDays(-9).UtcDateTime, Labels = new Dictionary<string, string> { ["node-role.kubernetes.io/control-plane"] = "" } },
        Spec = new(),
        Status = new() { Conditions = [new() { Type = "Ready", Status = ready }] },
    };

    /// <summary>A control-plane node whose agent answers.</summary>
    public static NodeView NodeView(string name, AgentStatus? status = null) =>
        new(name) { Node = Node(name), Agent = new(Pod(name), new(status ?? Status(), null, Noon)) };

    /// <summary>A node that has no agent.</summary>
    public static NodeView Bare(string name) => new(name) { Node = Node(name) };

    /// <summary>A Trail with one agent, all in order.</summary>
    public static TrailView View() => new()
    {
        Trail = Trail(),
        Now = Noon,
        Namespace = Namespace,
        Set = AgentSet.Of(DaemonSet()),
        Nodes = [NodeView("cp-1")],
        SelectorsHash = "5e1ec7",
        DetectionsHash = "de7ec7",
        Rules = [Rule("pod-exec", DetectionSeverity.High)],
        Chains = Chains(Chain("cp-1")),
        Completeness = new([new() { Name = "cp-1", Since = Noon, Server = "s", Agent = "a" }]),
    };

    public static ChainsView Chains(params ChainView[] chains) => new() { Chains = chains.ToDictionary(chain => (chain.Node, chain.Chain)) };

    /// <summary>A chain that is whole, and whose key was enrolled an hour ago.</summary>
    public static ChainView Chain(string node, string chain = "agent") => new(
        node, chain, new('c', 32), 7, new('a', 64), Noon, Noon.AddHours(2), Noon.AddHours(-1), IsStored: true, MovedBack: null)
    {
        Head = new(7, new('a', 64), Noon),
    };

    public static TrailView With(this TrailView view, Func<AgentStatus, AgentStatus> change) =>
        view.With(agent => agent with { Report = new(change(agent.Status!), null, view.Now) });

    /// <summary>The same with another agent on its only node.</summary>
    public static TrailView With(this TrailView view, Func<AgentView, AgentView> change) =>
        view with { Nodes = [.. view.Nodes.Select(node => node with { Agent = change(node.Agent!) })] };

    /// <summary>The same with another container in the pod of its only node, which has never answered.</summary>
    public static TrailView With(this TrailView view, V1ContainerStatus container) => view.With(agent => agent with
    {
        Report = null,
        Pod = agent.Pod with { Status = agent.Pod.Status! with { ContainerStatuses = [container] } },
    });

    /// <summary>What is said next, after some time.</summary>
    public static TrailView After(this TrailView view, TimeSpan time, TrailView? now = null) => (now ?? view) with
    {
        Trail = view.Trail with { Status = TrailStatusBuilder.Build(view) },
        Now = view.Now + time,
        Nodes = [.. (now ?? view).Nodes.Select(node => node with { Before = NodeStatusBuilder.Before(node.Name, TrailStatusBuilder.Build(view)) })],
    };

    public static AgentStatus With(this AgentStatus status, Func<DetectionsStatus, DetectionsStatus> change) => status with { Detections = change(status.Detections!) };

    public static AgentStatus With(this AgentStatus status, SourceState state, string? message = null) =>
        status with { Sources = [status.Sources[0] with { State = state, Message = message }] };
}
