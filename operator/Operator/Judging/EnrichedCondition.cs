using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Operator.Judging;

/// <summary>Whether agents have the labels that records are to get. Pure.</summary>
/// <remarks>It takes no part in Ready: agents record all the same. It is there where somebody asks for labels.</remarks>
static class EnrichedCondition
{
    public const string Type = "Enriched";

    public static IEnumerable<Verdict> Evaluate(TrailView view)
    {
        if (view.Trail.Spec.Enrichment is { NamespaceLabels.Count: > 0 } or { OwnerLabels.Count: > 0 })
            yield return Judge(view);
    }

    static Verdict Judge(TrailView trail)
    {
        IReadOnlyList<TrailView> views = trail.Workloads is { IsUnasked: false } workloads ? [trail, workloads] : [trail];
        var agents = views.SelectMany(view => view.Reporting).Where(one => Needs(trail, one.Agent))
            .OrderBy(one => one.Agent.Node, StringComparer.Ordinal).ToList();
        if (agents.Find(one => one.Agent.Report!.LabelsNotSent is not null) is { Agent: { } refused })
        {
            return new(
                Type, false, "LabelsNotSent",
                $"The operator cannot send labels to the agent on {refused.Node}: {Sentence.Of(refused.Report!.LabelsNotSent!)} "
                    + "Its records get the labels that it had before, or none.");
        }

        if (trail.NamespacesLeftOut > 0)
        {
            return new(
                Type, false, "TooManyNamespaces",
                $"The labels of {trail.NamespacesLeftOut} namespaces are more than agents take, and their records get none. "
                    + "Name fewer keys in spec.enrichment.namespaceLabels.");
        }

        if (trail.ControllersLeftOut.Count > 0)
        {
            return new(
                Type, false, "TooManyControllers",
                $"There are more {string.Join(" and ", trail.ControllersLeftOut)} than the operator reads. "
                    + "Records of the pods of the others get no labels of spec.enrichment.ownerLabels. "
                    + "A smaller revisionHistoryLimit of Deployments leaves fewer ReplicaSets.");
        }

        if (agents.Count == 0)
            return trail.Same(Type) ?? new(Type, null, "NotAsked", "No agent answers yet.");
        var having = agents.Count(one => one.Status.Enrichment?.LabelsHash is not null);
        return having == agents.Count
            ? new(Type, true, Type, "All agents have the labels that records get.")
            : new(
                Type, null, "Sending",
                $"{having} of {agents.Count} agents have the labels that records get. The operator sends them at the next poll.");
    }

    // Records of the API server get labels of namespaces only.
    static bool Needs(TrailView trail, AgentView agent) =>
        trail.Trail.Spec.Enrichment!.NamespaceLabels is { Count: > 0 } || agent.Role == AgentRole.Workloads;
}
