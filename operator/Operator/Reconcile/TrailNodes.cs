using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Agents;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>The nodes of a Trail: those that should have an agent, and those that have one.</summary>
sealed class TrailNodes(ClusterCache cache, AgentPoller agents)
{
    /// <param name="trail">With the status that was found last.</param>
    /// <param name="role">The agents' role.</param>
    /// <param name="isAsked">Whether there should be agents; otherwise only the nodes that have one are.</param>
    public IReadOnlyList<NodeView> Of(Trail trail, AgentRole role, bool isAsked = true)
    {
        var agent = trail.Spec.AgentOf(role);
        var running = AgentsOf(trail, role).GroupBy(one => one.Node).ToDictionary(node => node.Key, Newest);
        var concerned = cache.Nodes.Objects.Where(node => isAsked && AgentPlacement.Concerns(agent, node, role))
            .Select(node => node.Metadata.Name);
        var before = NodeStatusBuilder.Before(trail.Status, role);
        if (role == AgentRole.ApiServer && trail.Spec.Sources.ApiServer.IsCollected())
            return [CollectorView(running.GetValueOrDefault(Collector.NodeName), before(Collector.NodeName))];
        return
        [
            .. from name in concerned.Union(running.Keys).Order(StringComparer.Ordinal)
               select View(name, agent, running.GetValueOrDefault(name), before(name)),
        ];
    }

    /// <summary>Why no pod could be made, when it last could not.</summary>
    public Eventsv1Event? RefusalOf(AgentSet? agents) => agents is null ? null : NewestWarning(
        regarding => regarding.Kind == agents.Kind && regarding.Name == agents.Name
            && (regarding.Uid is null || regarding.Uid == agents.Uid),
        "FailedCreate");

    /// <summary>The agents' pods, those that terminate too.</summary>
    public IEnumerable<AgentView> AgentsOf(Trail trail, AgentRole role)
    {
        // Each Event once, and not once for each of thousands of pods.
        var warnings = cache.Events.Objects.Where(seen => seen is { Type: "Warning", Regarding.Kind: "Pod" })
            .ToLookup(seen => seen.Regarding!.Name);
        return
            from pod in cache.Pods.Objects
            where AgentLabels.TrailOf(pod) == trail.Metadata.Name && cache.RoleOf(pod) == role
            select new AgentView(pod, agents.ReportOf(pod.Key), warnings[pod.Metadata.Name].MaxBy(seen => seen.LastAt));
    }

    static AgentView Newest(IEnumerable<AgentView> pods) =>
        pods.OrderBy(agent => agent.IsTerminating).ThenByDescending(agent => agent.Pod.Metadata.CreationTimestamp).First();

    NodeView View(string name, AgentSpec agent, AgentView? running, TrailNode? before)
    {
        var node = cache.Nodes.Find(new(null, name));
        return new(name)
        {
            Node = node,
            MissingLabels = node is null ? [] : AgentPlacement.MissingLabels(agent, node),
            Taints = node is null ? [] : AgentPlacement.UntoleratedTaints(agent, node),
            Agent = running,
            Before = before,
        };
    }

    // The node that it is on now: whether it is ready.
    NodeView CollectorView(AgentView? running, TrailNode? before) => new(Collector.NodeName)
    {
        IsCollector = true,
        Node = running?.Pod.Spec?.NodeName is { } node ? cache.Nodes.Find(new(null, node)) : null,
        Agent = running,
        Before = before,
    };

    Eventsv1Event? NewestWarning(Func<V1ObjectReference, bool> about, string reason) => cache.Events.Objects
        .Where(seen => seen.Type == "Warning" && seen.Regarding is { } regarding && about(regarding) && seen.Reason == reason)
        .MaxBy(seen => seen.LastAt);
}
