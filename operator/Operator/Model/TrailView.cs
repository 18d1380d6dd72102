using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Status;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Operator.Model;

/// <summary>All that is known of a Trail when it is judged.</summary>
sealed record TrailView
{
    /// <summary>With the status that was found last.</summary>
    public required Trail Trail { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>When a Trail that is being deleted goes in any case; null for others.</summary>
    public DateTimeOffset? DeletionDeadline { get; init; }

    /// <summary>Where its agents run.</summary>
    public required string Namespace { get; init; }

    /// <summary>Why the spec, or what it names, cannot be used.</summary>
    public IReadOnlyList<Rejection> Problems { get; init; } = [];

    /// <summary>What the agents that are judged are for.</summary>
    public AgentRole Role { get; init; } = AgentRole.ApiServer;

    /// <summary>The same of the agents on all nodes; null if there are none and should be none.</summary>
    public TrailView? Workloads { get; init; }

    /// <summary>Whether the Trail asks for workloads that the operator was told not to record.</summary>
    public bool HasForbiddenWorkloads { get; init; }

    /// <summary>Whether nothing asks for these agents any more: they deliver what they hold, and go.</summary>
    public bool IsUnasked { get; init; }

    /// <summary>Whether the agents should be able to record processes.</summary>
    public bool HasProcesses { get; init; }

    /// <summary>Until when they stay able to although nothing asks for processes any more; null while something does.</summary>
    public DateTimeOffset? ProcessesKeptUntil { get; init; }

    /// <summary>How often agents are polled.</summary>
    public TimeSpan Poll { get; init; }

    /// <summary>How the agents' pods are made, and the field of the Trail that says so.</summary>
    public AgentSpec Agent => Trail.Spec.AgentOf(Role);

    public string AgentField => Role == AgentRole.Workloads ? "spec.workloadAgent" : "spec.agent";

    /// <summary>Null before it was made.</summary>
    public AgentSet? Set { get; init; }

    /// <summary>Whether one agent with a volume reads for all API servers, and not one on each node.</summary>
    public bool IsCollected => Role == AgentRole.ApiServer && Trail.Spec.Sources.ApiServer.IsCollected();

    /// <summary>The kind of object that makes the agents' pods.</summary>
    public string SetKind => IsCollected ? Collector.OwnerKind : "DaemonSet";

    /// <summary>Why its controller could not make a pod when it last could not; null if it always could.</summary>
    public Eventsv1Event? Refusal { get; init; }

    /// <summary>The nodes that should have an agent, or have one, by name.</summary>
    public IReadOnlyList<NodeView> Nodes { get; init; } = [];

    /// <summary>The SHA-256 of the selectors file that agents should run.</summary>
    public string? SelectorsHash { get; init; }

    /// <summary>That file; null while it cannot be made.</summary>
    public string? SelectorsJson { get; init; }

    public int AttachedSelectors { get; init; }

    /// <summary>How many TrailSelectors of each namespace exceed a quota.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> OverQuota { get; init; } = [];

    /// <summary>The namespaces with more TrailSelectors than the operator reads.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>How many namespaces do not fit into what agents get of their labels.</summary>
    public int NamespacesLeftOut { get; init; }

    /// <summary>The kinds of controllers of pods of which there are more objects than the operator reads.</summary>
    public IReadOnlyList<string> ControllersLeftOut { get; init; } = [];

    /// <summary>The SHA-256 of the detections file that agents should run.</summary>
    public string? DetectionsHash { get; init; }

    /// <summary>The rules that the detections file contains; null while the file cannot be made.</summary>
    public IReadOnlyList<DetectionRule>? Rules { get; init; }

    /// <summary>What is known of the agents' chains of digests; null if nothing was asked.</summary>
    public ChainsView? Chains { get; init; }

    /// <summary>What is known of their anchors; null if there are none.</summary>
    public AnchorsView? Anchors { get; init; }

    /// <summary>How many of the events that API servers made were read; null if nothing was compared.</summary>
    public CompletenessView? Completeness { get; init; }

    /// <summary>Whether agents are to read nothing more.</summary>
    public bool IsStopping => !Trail.Spec.Logging || Trail.Metadata.DeletionTimestamp is not null || IsUnasked;

    /// <summary>The agents that answered.</summary>
    public IEnumerable<(AgentView Agent, AgentStatus Status)> Reporting =>
        from node in Nodes
        where node.Agent?.Status is not null
        select (node.Agent!, node.Agent!.Status!);

    /// <summary>Whether all agents are where they should be, and ready; what changes then shows at the next poll.</summary>
    public bool IsSettled => Nodes.All(node => node.Agent is { IsReady: true }) && Workloads?.IsSettled != false;

    /// <summary>What was said last.</summary>
    public V1Condition? Before(string type)
    {
        var full = TypeOf(type);
        return Trail.Status?.Conditions?.FirstOrDefault(condition => condition.Type == full);
    }

    /// <summary>The full name of a condition about these agents.</summary>
    public string TypeOf(string type) => Role == AgentRole.Workloads ? $"Workloads{type}" : type;
}
