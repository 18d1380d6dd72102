using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Judging;

/// <summary>The conditions on a Trail's agents on all nodes: those of its other agents, with names of their own. Pure.</summary>
/// <remarks>They are there while there are such agents.</remarks>
static class WorkloadConditions
{
    static readonly IReadOnlyList<Func<TrailView, Verdict>> Rules =
    [
        CoveredCondition.Judge, AvailableCondition.Judge, ReceivingCondition.Judge, DeliveringCondition.Judge,
        DeliveringAllCondition.Judge, JudgeSynced,
    ];

    const string Synced = "Synced";

    /// <summary>Those that are part of Ready.</summary>
    public static IReadOnlyList<Verdict> Evaluate(TrailView trail)
    {
        if (trail.HasForbiddenWorkloads)
        {
            return
            [
                new(
                    "WorkloadsCovered", false, "WorkloadsDisabled",
                    "spec.workloads is not recorded, because the operator was installed without workloads. Set the chart's value "
                        + "workloads.enabled to true, or remove spec.workloads."),
            ];
        }

        // Where agents deliver what they hold before they go, nothing is missing.
        return trail.Workloads is not { IsUnasked: false } view
            ? []
            : [.. Rules.Select(rule => rule(view)).Select(verdict => verdict with { Type = view.TypeOf(verdict.Type) })];
    }

    /// <summary>Whether a verdict that is unknown says nothing about what is recorded.</summary>
    public static bool IsMinor(Verdict verdict) => verdict.Type == $"Workloads{Synced}";

    static Verdict JudgeSynced(TrailView view)
    {
        var reports = view.Reporting.SelectMany(report => report.Status.Sources).Select(source => source.Containers).OfType<
            Contract.Status.ContainersStatus>().ToList();
        var rules = reports.Count(report => report.RulesHash == view.SelectorsHash);
        if (reports.Count == 0)
            return view.SameIf(Synced, isUnchanged: true) ?? new(Synced, null, "NotAsked", "No agent answers yet.");
        if (rules < reports.Count)
        {
            return new(
                Synced, null, "Syncing",
                $"{rules} of {reports.Count} agents use the newest rules; kubelets take up to two minutes to update a ConfigMap.");
        }

        var undecided = reports.Sum(report => report.Undecided);
        return undecided == 0
            ? new(Synced, true, Synced, "All agents use the newest rules.")
            : new(
                Synced, true, "WaitingForLabels",
                "All agents use the newest rules. Logs of new pods are held open until the operator has sent the pods' labels.");
    }
}
