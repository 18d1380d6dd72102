using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Judging;

/// <summary>Whether the agents run, where there are pods of them. Pure.</summary>
static class AvailableCondition
{
    public const string Type = "Available";

    public static Verdict Judge(TrailView view)
    {
        if (view.Set is not { IsObserved: true })
            return new(Type, null, "NotScheduled", $"The agents' {view.SetKind} is not scheduled yet.");
        // Of a pod on a node whose kubelet is silent, nothing is known.
        var pods = view.Nodes.Where(node => node.Agent is not null && node.IsReady).ToList();
        var ready = pods.Count(node => node.Agent!.IsReady);
        var troubles = pods.Select(node => (node.Name, Trouble: PodTrouble.Of(node.Agent!, view.Now)))
            .Where(node => node.Trouble is not null)
            .ToList();
        if (troubles is [var (name, trouble), ..])
        {
            var message = $"{Ready(ready, view)} On {name}: {trouble!.Message}";
            return new(Type, false, trouble.Reason, message) { IsEffect = trouble.Reason is "AgentNotReady" or "PodStarting" };
        }

        if (pods.Count == 0 && view.Nodes.FirstOrDefault(node => node.Agent is not null) is { } unready)
            return new(Type, null, "NodeNotReady", $"Nothing is known of the agent on {unready.Name}, since the node is not ready.");
        if (pods.Count == 0)
        {
            return view.Same(Type) is { Holds: true } same && view.Nodes.Any(node => node.IsResponding(view.Now))
                ? same
                : new(Type, null, "NoAgents", "No agent runs yet.");
        }

        if (ready == pods.Count)
            return new(Type, true, "AllAvailable", ready == 1 ? "The agent is available." : $"All {ready} agents are available.");
        var waiting = string.Join(", ", pods.Where(node => !node.Agent!.IsReady).Select(node => node.Name));
        return view.Before(Type) is { Status: "True" } && pods.Where(node => !node.Agent!.IsReady).All(node => IsBrief(node, view.Now))
            ? new(Type, true, "Restarting", $"Agents are being replaced: {waiting}.")
            : new(Type, null, "Starting", $"{Ready(ready, view)} The others start: {waiting}.");
    }

    static bool IsBrief(NodeView node, DateTimeOffset now) => node.IsResponding(now) || now - node.Agent!.ChangedAt < GracePeriods.Restart;

    static string Ready(int ready, TrailView view) => $"{ready} of {view.Nodes.Count} agents {(ready == 1 ? "is" : "are")} available.";
}
