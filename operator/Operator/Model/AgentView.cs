using ClusterTrail.Contract.Status;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Operator.Model;

/// <summary>One agent's pod, what the agent says, and what the kubelet says of the pod.</summary>
/// <param name="Warning">The newest Warning about the pod.</param>
sealed record AgentView(V1Pod Pod, AgentReport? Report, Eventsv1Event? Warning = null)
{
    /// <summary>The node that it runs on or was made for; the collector's is always the same.</summary>
    public string Node => Collector.NodeOf(Pod) ?? Pod.Metadata.Name;

    /// <summary>By its label: it decides about words only.</summary>
    public AgentRole Role => Pod.LabelMap.GetValueOrDefault(AgentRoles.Label) == AgentRole.Workloads.Component()
        ? AgentRole.Workloads
        : AgentRole.ApiServer;

    public AgentStatus? Status => Report?.Status;

    public bool IsTerminating => Pod.Metadata.DeletionTimestamp is not null;

    public V1ContainerStatus? Container => Pod.Status?.ContainerStatuses is [var only, ..] ? only : null;

    public bool IsReady => !IsTerminating && Container?.Ready == true;

    /// <summary>Whether the agent's program has run in this pod.</summary>
    public bool HasRun =>
        Container is { State.Running: not null }
            or { State.Terminated: not null }
            or { LastState.Terminated: not null }
            or { RestartCount: > 0 };

    /// <summary>When the pod was made, or last became ready or not.</summary>
    public DateTimeOffset ChangedAt =>
        Pod.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "Ready")?.LastTransitionTime
            ?? Pod.Metadata.CreationTimestamp
            ?? default;
}
