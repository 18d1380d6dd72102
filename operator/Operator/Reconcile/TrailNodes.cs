using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Agents;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>The nodes of a Trail: those that should have an agent, and those that have one.</summary>
sealed class TrailNodes(ClusterCache cache, AgentPoller agents)
{
    /// <param name="trail">With the status that was found last.</param>
    public IReadOnlyList<NodeView> Of(Trail trail)
    {
        var running = AgentsOf(trail).GroupBy(agent => agent.Node).ToDictionary(node => node.Key, Newest);
        var concerned = cache.Nodes.Objects.Where(node => AgentPlacement.Concerns(trail.Spec.Agent, node))
            .Select(node => node.Metadata.Name);
        return
        [
            .. from name in concerned.Union(running.Keys).Order(StringComparer.Ordinal)
               select View(name, trail, running.GetValueOrDefault(name)),
        ];
    }

    /// <summary>Why the DaemonSet controller could not make a pod, when it last could not.</summary>
    public Eventsv1Event? RefusalOf(V1DaemonSet? agents) => agents is null ? null : NewestWarning(
        regarding => regarding.Kind == "DaemonSet" && regarding.Name == agents.Metadata.Name
            && (regarding.Uid is null || regarding.Uid == agents.Metadata.Uid),
        "FailedCreate");

    /// <summary>The agents' pods, those that terminate too.</summary>
    public IEnumerable<AgentView> AgentsOf(Trail trail) =>
        from pod in cache.Pods.Objects
        where AgentLabels.TrailOf(pod) == trail.Metadata.Name && cache.IsAgent(pod)
        select new AgentView(
            pod, agents.ReportOf(pod.Key), NewestWarning(regarding => regarding.Kind == "Pod" && regarding.Name == pod.Metadata.Name));

    static AgentView Newest(IEnumerable<AgentView> pods) =>
        pods.OrderBy(agent => agent.IsTerminating).ThenByDescending(agent => agent.Pod.Metadata.CreationTimestamp).First();

    NodeView View(string name, Trail trail, AgentView? running)
    {
        var node = cache.Nodes.Find(new(null, name));
        return new(name)
        {
            Node = node,
            MissingLabels = node is null ? [] : AgentPlacement.MissingLabels(trail.Spec.Agent, node),
            Taints = node is null ? [] : AgentPlacement.UntoleratedTaints(trail.Spec.Agent, node),
            Agent = running,
            Before = NodeStatusBuilder.Before(name, trail.Status),
        };
    }

    Eventsv1Event? NewestWarning(Func<V1ObjectReference, bool> about, string? reason = null) => cache.Events.Objects
        .Where(seen =>
            seen.Type == "Warning" && seen.Regarding is { } regarding && about(regarding) && (reason is null || seen.Reason == reason))
        .MaxBy(seen => seen.LastAt);
}
