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

        return JudgeLabels(view) ?? new(
            Synced, true, reports.Any(report => report.Undecided > 0) ? "WaitingForLabels" : Synced,
            reports.Any(report => report.Undecided > 0)
                ? "All agents use the newest rules. Logs of new pods are held open until the operator has sent the pods' labels."
                : "All agents use the newest rules.");
    }

    static TimeSpan Due(TrailView view) => view.Poll * 2 > GracePeriods.Labels ? view.Poll * 2 : GracePeriods.Labels;

    // Labels are sent at each poll. What waits for longer waits because something is wrong.
    static Verdict? JudgeLabels(TrailView view)
    {
        var late =
            (from report in view.Reporting
             from source in report.Status.Sources
             where source.Containers is { WaitingSeconds: { } seconds } && seconds > Due(view).TotalSeconds
             orderby report.Agent.Node
             select (report.Agent, Waiting: source.Containers!)).ToList();
        if (late.Count == 0)
            return null;
        var (agent, waiting) = late.Find(one => one.Agent.Report!.LabelsNotSent is not null) is { Agent: not null } refused ? refused : late[0];
        var nodes = late.Count == 1 ? agent.Node : $"{agent.Node} and {late.Count - 1} more";
        var why = agent.Report!.LabelsNotSent is { } problem
            ? $"The operator cannot send them: {Sentence.Of(problem)}"
            : "The operator has not read these pods from the API server yet, or there are more pods than it reads; its log says which.";
        return new(
            Synced, false, agent.Report.LabelsNotSent is null ? "LabelsUnknown" : "LabelsNotSent",
            $"On {nodes}, logs of pods are held open and not read, because the agent has not got the pods' labels, for {waiting.WaitingSeconds} s "
                + $"on {agent.Node}. {why}");
    }
}
