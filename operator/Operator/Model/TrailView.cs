using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Status;
using ClusterTrail.Trails.Api;
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

    /// <summary>Null before it was made.</summary>
    public V1DaemonSet? DaemonSet { get; init; }

    /// <summary>Why the DaemonSet controller could not make a pod when it last could not; null if it always could.</summary>
    public Eventsv1Event? Refusal { get; init; }

    /// <summary>The nodes that should have an agent, or have one, by name.</summary>
    public IReadOnlyList<NodeView> Nodes { get; init; } = [];

    /// <summary>The SHA-256 of the selectors file that agents should run.</summary>
    public string? SelectorsHash { get; init; }

    public int AttachedSelectors { get; init; }

    /// <summary>How many TrailSelectors of each namespace exceed a quota.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> OverQuota { get; init; } = [];

    /// <summary>The namespaces with more TrailSelectors than the operator reads.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>The SHA-256 of the detections file that agents should run.</summary>
    public string? DetectionsHash { get; init; }

    /// <summary>The rules that the detections file contains; null while the file cannot be made.</summary>
    public IReadOnlyList<DetectionRule>? Rules { get; init; }

    /// <summary>Whether agents are to read nothing more.</summary>
    public bool IsStopping => !Trail.Spec.Logging || Trail.Metadata.DeletionTimestamp is not null;

    /// <summary>The agents that answered.</summary>
    public IEnumerable<(AgentView Agent, AgentStatus Status)> Reporting =>
        from node in Nodes
        where node.Agent?.Status is not null
        select (node.Agent!, node.Agent!.Status!);

    /// <summary>Whether all agents are where they should be, and ready; what changes then shows at the next poll.</summary>
    public bool IsSettled => Nodes.All(node => node.Agent is { IsReady: true });

    /// <summary>What was said last.</summary>
    public V1Condition? Before(string type) => Trail.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);
}
