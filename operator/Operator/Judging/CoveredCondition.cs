using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Operator.Judging;

/// <summary>Whether every node that should have an agent has one. Pure.</summary>
static class CoveredCondition
{
    public const string Type = "Covered";

    const int MostNodes = 10;

    public static Verdict Judge(TrailView view)
    {
        var concerned = view.Nodes.Where(node => node.Node is not null || node.IsCollector).ToList();
        if (concerned.Count == 0 && view.Nodes.Count == 0)
            return new(Type, false, "NoNodes", NoNodes(view));
        var gaps = concerned.Where(node => node.Agent is null && (view.Role == AgentRole.ApiServer || node.IsReady))
            .Select(node => GapOf(node, view)).OfType<Gap>().ToList();
        if (gaps.FirstOrDefault(gap => gap.Holds == false) is { } hole)
            return new(Type, false, hole.Reason, Describe(gaps.Where(gap => gap.Reason == hole.Reason)));
        if (gaps.FirstOrDefault() is { } open)
            return view.Before(Type) is { Status: "True" } && open.IsBrief
                ? Covered(concerned.Count, view)
                : new(Type, null, open.Reason, Describe(gaps));
        // Of thousands of nodes, one is always about to go.
        return (view.Role == AgentRole.ApiServer ? Unready(concerned) : null) ?? Covered(concerned.Count, view);
    }

    /// <summary>Why the node has no agent; null when it has one, or will have one in a moment.</summary>
    public static (string Reason, string Message)? Why(NodeView node, TrailView view) =>
        node.Agent is null && GapOf(node, view) is { } gap ? (gap.Reason, gap.Message) : null;

    /// <summary>Since when nothing known keeps an agent off the node, and there is none.</summary>
    public static DateTimeOffset? MissingSince(NodeView node, TrailView view) =>
        view.Set is not null && (node.Node is not null || node.IsCollector)
            && node is { Agent: null, IsReady: true, MissingLabels.Count: 0, Taints.Count: 0 }
            ? node.Before?.MissingSince ?? view.Now
            : null;

    static Verdict Covered(int nodes, TrailView view)
    {
        if (view.IsCollected)
            return new(Type, true, "AllCovered", "The collector has its pod.");
        var node = view.Role == AgentRole.Workloads ? "node" : "control-plane node";
        return new(
            Type, true, "AllCovered", nodes == 1 ? $"The only {node} has an agent's pod." : $"All {nodes} {node}s have an agent's pod.");
    }

    static Gap? GapOf(NodeView node, TrailView view)
    {
        var field = view.AgentField;
        if (node.MissingLabels.Count > 0)
        {
            return new(
                false, "NoMatchingLabel",
                $"{node.Name} is a control-plane node without the label {string.Join(", ", node.MissingLabels)} of "
                    + $"{field}.nodeSelector. Label the node, or change {field}.nodeSelector.");
        }

        if (node.Taints.Count > 0)
        {
            var (names, keys) = (node.Taints.Select(Name), node.Taints.Select(taint => $"{{key: {taint.Key}, operator: Exists}}"));
            return new(
                false, "TaintNotTolerated",
                $"{node.Name} has the taint {string.Join(", ", names)}, which {field}.tolerations does not tolerate. "
                    + $"Add {string.Join(", ", keys)} to it, leave it out so that agents tolerate every taint, or remove the taint.");
        }

        if (!node.IsReady)
            return new(null, "NodeNotReady", $"{node.Name} is not ready and has no agent.");
        var name = view.IsCollected ? "The collector" : node.Name;
        if (view.Set is not { } set)
            return new(null, "NotScheduled", $"{name} has no agent yet: the agents' {view.SetKind} does not exist.");
        if (view.Refusal is { } refused && IsAbout(refused, node, view))
            return new(
                false, "PodRefused",
                $"{name} has no agent, because its pod was rejected. {RefusedPod.Explain(refused.Note ?? "", view)}");
        return IsLate(node, view)
            ? new(
                false, "NoPod",
                $"{name} has no agent, and the {set.Kind} controller does not say why: "
                    + $"kubectl describe {set.Resource} -n {view.Namespace} {set.Name}.")
            : new(null, "Scheduling", $"{name} has no agent yet.") { IsBrief = true };
    }

    static string Name(V1Taint taint) => $"{taint.Key}{(taint.Value is { Length: > 0 } value ? $"={value}" : "")}:{taint.Effect}";

    static bool IsLate(NodeView node, TrailView view) => view.Now - MissingSince(node, view) >= GracePeriods.Restart;

    // Events are kept for an hour, and a cause that was removed says nothing of a pod that is made or replaced now.
    static bool IsAbout(Eventsv1Event refused, NodeView node, TrailView view)
    {
        var isNew = refused.LastAt >= MissingSince(node, view);
        var isOver = refused.LastAt < node.Before?.LastSeen || refused.LastAt < node.Node?.Metadata.CreationTimestamp
            || view.Nodes.Any(other => refused.LastAt < other.Agent?.Pod.Metadata.CreationTimestamp);
        return isNew || !isOver;
    }

    static Verdict? Unready(IEnumerable<NodeView> nodes)
    {
        if (nodes.FirstOrDefault(node => node is { IsCollector: true, IsReady: false }) is { Node: { } lost })
        {
            return new(
                Type, null, "NodeNotReady",
                $"The collector is on {lost.Metadata.Name}, which is not ready. Kubernetes starts it elsewhere only when that is safe: "
                    + $"when the node is back, or after kubectl delete node {lost.Metadata.Name}, if it is off for good. Meanwhile "
                    + "nothing is recorded.");
        }

        var unready = nodes.Where(node => !node.IsReady).Select(node => node.Name).ToList();
        return unready.Count == 0
            ? null
            : new(
                Type, null, "NodeNotReady",
                $"Not ready: {Names(unready)}. What happens there is recorded and delivered when the node is back, "
                    + "if its agent still runs; look at the node.");
    }

    static string NoNodes(TrailView view) => view.Agent.NodeSelector is not { Count: > 0 } wanted
        ? view.Role == AgentRole.Workloads ? "The cluster has no nodes." : NoControlPlane
        : view.Role == AgentRole.Workloads
        ? $"No node has the labels of spec.workloadAgent.nodeSelector ({Labels(wanted)}). Correct it, or leave it out for all nodes."
        : NoNodes(wanted);

    static string Labels(IReadOnlyDictionary<string, string> labels) =>
        string.Join(", ", labels.Select(label => $"{label.Key}={label.Value}"));

    static string NoNodes(IReadOnlyDictionary<string, string> labels) =>
        $"No node has the labels of spec.agent.nodeSelector ({Labels(labels)}), "
            + "and none is labelled as a control-plane node. Set spec.agent.nodeSelector to labels of the nodes that run kube-apiserver.";

    const string NoControlPlane =
        "No node has the label node-role.kubernetes.io/control-plane or node-role.kubernetes.io/master. "
            + "Set spec.agent.nodeSelector to labels of the nodes that run kube-apiserver.";

    static string Describe(IEnumerable<Gap> gaps)
    {
        var all = gaps.Select(gap => gap.Message).ToList();
        return string.Join(' ', all.Take(MostNodes)) + (all.Count > MostNodes ? $" And {all.Count - MostNodes} more nodes." : "");
    }

    static string Names(List<string> nodes) =>
        string.Join(", ", nodes.Take(MostNodes)) + (nodes.Count > MostNodes ? $" and {nodes.Count - MostNodes} more" : "");

    /// <param name="Holds">Null: it may still be filled by itself.</param>
    sealed record Gap(bool? Holds, string Reason, string Message)
    {
        /// <summary>Whether it is one that every replacement of an agent makes.</summary>
        public bool IsBrief { get; init; }
    }
}
