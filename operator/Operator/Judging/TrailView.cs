using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Status;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Agents;
using ClusterTrail.Operator.Reconcile;
using ClusterTrail.Trails;

namespace ClusterTrail.Operator.Judging;

/// <summary>All that is known of a Trail when it is judged.</summary>
sealed record TrailView
{
    public required Trail Trail { get; init; }

    /// <summary>Why the spec, or what it names, cannot be used.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];

    /// <summary>Null before it was made.</summary>
    public DaemonSetStatus? DaemonSet { get; init; }

    public IReadOnlyList<AgentView> Agents { get; init; } = [];

    /// <summary>The SHA-256 of the selectors file that agents should run.</summary>
    public string? SelectorsHash { get; init; }

    public int AttachedSelectors { get; init; }

    /// <summary>The SHA-256 of the detections file that agents should run.</summary>
    public string? DetectionsHash { get; init; }

    /// <summary>The rules that it puts in force; null while it cannot be made.</summary>
    public IReadOnlyList<DetectionRule>? Rules { get; init; }

    /// <summary>The agents that answered.</summary>
    public IEnumerable<(AgentView Agent, AgentStatus Status)> Reporting =>
        Agents.Where(agent => agent.Report?.Status is not null).Select(agent => (agent, agent.Report!.Status!));
}

/// <summary>One agent's pod, and what the agent says.</summary>
sealed record AgentView(Pod Pod, AgentReport? Report)
{
    public string Node => Pod.Spec?.NodeName ?? Pod.Metadata.Name;

    /// <summary>Why its container does not run, such as an image that cannot be pulled.</summary>
    public ContainerStateReason? Waiting => Pod.Status?.ContainerStatuses?.Select(status => status.State?.Waiting ?? status.State?.Terminated).FirstOrDefault(reason => reason is not null);
}
