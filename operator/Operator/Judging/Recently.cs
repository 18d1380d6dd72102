using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Judging;

/// <summary>What still holds of an earlier status. An operator or an agent that has just started says nothing new. Pure.</summary>
static class Recently
{
    extension(NodeView node)
    {
        /// <summary>Whether the node's agent answers, or did so a moment ago.</summary>
        public bool IsResponding(DateTimeOffset now) =>
            node.Agent?.Status is not null || now - node.Before?.LastSeen < GracePeriods.Restart;
    }

    extension(TrailView view)
    {
        /// <summary>Whether an agent answers, did so a moment ago, or is about to be polled.</summary>
        public bool IsResponding => view.Nodes.Any(node => node.IsResponding(view.Now) || node.Agent is { IsReady: true, Report: null });

        /// <summary>The earlier condition while agents restart, if they still run the same as then.</summary>
        public Verdict? SameIf(string type, bool isUnchanged) =>
            view.Same(type) is { } same && (same.Holds == false || (isUnchanged && view.IsResponding)) ? same : null;

        /// <summary>What was said last, once more; null if nothing was, or nothing certain.</summary>
        public Verdict? Same(string type) => view.Before(type) is { Status: "True" or "False" } before
            ? new(type, before.Status == "True", before.Reason ?? "", before.Message ?? "")
            : null;
    }
}
