using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Judging;

/// <summary>Whether agents read their logs, by what they say and not by what the Trail asks for. Pure.</summary>
static class ReceivingCondition
{
    public const string Type = "Receiving";
    public const string LoggingOff = "LoggingOff";

    const string Unreachable = "AgentUnreachable";
    const int UsualPort = 9808;

    static readonly TimeSpan LatelyFull = TimeSpan.FromMinutes(2);

    // What keeps an agent from reading, the causes first: a full spool is the effect of an unavailable sink.
    static readonly SourceState[] Troubles = [SourceState.Failed, SourceState.Waiting, SourceState.Blocked];

    public static Verdict Judge(TrailView view)
    {
        var reports = view.Reporting.ToList();
        var troubled =
            from trouble in Troubles
            from report in reports
            from source in report.Status.Sources
            where source.State == trouble && !ProcessEventsCondition.IsBlind(source)
            let message = $"On {report.Agent.Node}: {source.Message ?? Missing(source)}"
            select new Verdict(Type, false, $"Source{trouble}", message) { IsEffect = trouble == SourceState.Blocked };
        return troubled.FirstOrDefault() ?? JudgeFull(view, reports) ?? JudgeStopped(view, reports) ?? JudgeRefused(view)
            ?? JudgeSilent(view) ?? JudgeReading(view, reports.Count);
    }

    // The API servers try again a few times, and then drop what they have.
    static Verdict? JudgeFull(TrailView view, List<(AgentView Agent, AgentStatus Status)> reports)
    {
        var full =
            from report in reports
            from source in report.Status.Sources
            where source.Receiver?.LastDeferredAt is { } at && view.Now - at < LatelyFull
            select report.Agent.Node;
        return full.FirstOrDefault() is not { } node ? null : new(
            Type, false, "JournalFull",
            $"On {node}: the journal of received events is full or cannot be written, and API servers are told to wait. They drop events "
                + "after some minutes. If the sink does not accept batches, see Delivering; otherwise raise "
                + "spec.sources.apiServer.webhook.journalMaxBytes, and look at the disk.");
    }

    static Verdict? JudgeStopped(TrailView view, List<(AgentView Agent, AgentStatus Status)> reports)
    {
        var reading = reports.Where(report => !IsStopped(report.Status)).Select(report => report.Agent.Node).ToList();
        if (reports.Count == 0 || (reading.Count == reports.Count && !view.IsStopping))
            return null;
        if (view.IsStopping)
            return JudgeStopping(view, reading);
        var stopped = reports.Where(report => IsStopped(report.Status)).Select(report => report.Agent.Node);
        return new(Type, null, "Resuming",
            $"Agents do not read again yet on {string.Join(", ", stopped)}; kubelets take up to two minutes to update the ConfigMap.");
    }

    static Verdict JudgeStopping(TrailView view, List<string> reading)
    {
        if (reading.Count > 0)
        {
            return new(
                Type, true, "Stopping",
                $"{Because(view)}, and agents still read on {string.Join(", ", reading)}; "
                    + "kubelets take up to two minutes to update the ConfigMap.");
        }

        // An agent that does not answer may still read. Once all have stopped, those that are started later do not read either.
        var silent = view.Nodes.Where(node => node.Agent is { Status: null, HasRun: true }).Select(node => node.Name).ToList();
        var off = $"{Because(view)}: agents deliver the batches that they hold and read nothing more.";
        return silent.Count == 0 || view.Before(Type)?.Reason == LoggingOff
            ? new(Type, false, LoggingOff, off) { IsEffect = true }
            : new(
                Type, null, "Stopping",
                $"{Because(view)}. Agents have stopped, except on {string.Join(", ", silent)}, "
                    + "where they do not answer and may still read.");
    }

    static string Because(TrailView view) =>
        view.Trail.Metadata.DeletionTimestamp is not null ? "The Trail is being deleted"
            : view.IsUnasked ? "Nothing asks for workloads any more"
            : "spec.logging is false";

    static bool IsStopped(AgentStatus status) => status.Sources.All(source => source.State == SourceState.Stopped);

    // What the others report counts all the same.
    static Verdict? JudgeRefused(TrailView view)
    {
        var refused = view.Nodes.Where(node => node.Agent is { Report.IsRefused: true }).ToList();
        return refused is not [{ Agent.Report: { } report } first, ..] ? null : new(
            Type, null, AgentReport.Refused,
            $"What the agent on {first.Name} reports is not believed since {report.At:yyyy-MM-ddTHH:mm:ssZ}: {Sentence.Of(report.Error!)}"
                + (refused.Count > 1 ? $" The same holds for {refused.Count - 1} more." : "")
                + " Somebody on that node, or in its network, may have changed the answer: see the runbook not-receiving.");
    }

    static Verdict? JudgeSilent(TrailView view)
    {
        // An operator that has just started has not waited itself; what was known before still holds.
        var wasSilent = view.Before(Type)?.Reason == Unreachable;
        var silent = view.Nodes.FirstOrDefault(node =>
            node.IsReady
                && node.Agent is { Report.Error: not null } agent
                && (wasSilent || view.Now - agent.Report.At >= GracePeriods.Restart));
        if (silent is not { Agent.Report: { } report })
            return null;
        var since = silent.Before?.LastSeen ?? report.At;
        return new(
            Type, null, Unreachable,
            $"The agent on {silent.Name} has not answered {(report.IsAnswer ? "as it should " : "")}since {since:yyyy-MM-ddTHH:mm:ssZ}: "
                + $"{Sentence.Of(report.Error!)}{Hint(report, view)}");
    }

    static string Hint(AgentReport report, TrailView view) => report.IsAnswer ? "" : view.Trail.Spec.Telemetry.Port == UsualPort
        ? " If the agent runs, look for a NetworkPolicy that blocks the operator."
        : $" If the agent runs, look for a NetworkPolicy that does not let the operator reach port {view.Trail.Spec.Telemetry.Port}, "
            + "spec.telemetry.port.";

    static Verdict JudgeReading(TrailView view, int reporting)
    {
        if (reporting == 0)
        {
            // Agents that are being replaced, or an operator that has just started, say nothing new about the logs.
            return view.Same(Type) is { } same && view.IsResponding ? same : new(Type, null, "NoAgents", "No agent answers yet.");
        }

        var away = view.Nodes.Where(node => node.Agent is not null && node.IsReady && !IsFollowing(node.Agent.Status))
            .Select(node => node.Name)
            .ToList();
        return away.Count == 0
            ? Reading(view)
            : view.Same(Type) is { Holds: true }
                ? new(Type, true, "ReadingLogs", $"Agents follow their logs; being replaced: {string.Join(", ", away)}.")
                : new(Type, null, "NoAgents", $"No agent reads yet on {string.Join(", ", away)}.");
    }

    static Verdict Reading(TrailView view) => view switch
    {
        { IsCollected: false } => new(Type, true, "ReadingLogs", "All agents follow their logs."),
        { Trail.Spec.Sources.ApiServer.Type: ApiServerSourceType.Admission } => new(
            Type, true, "AskedByAdmission",
            "The collector records what API servers ask by admission: writes and connections. It sees no reads, refused requests, "
                + "responses and source addresses, so rules about them never fire."),
        _ => new(Type, true, "ReadingLogs", "The collector reads its source."),
    };

    static bool IsFollowing(AgentStatus? status) =>
        status is not null && status.Sources.All(source => source.State != SourceState.Starting);

    static string Missing(SourceStatus source) =>
        source.Receiver is not null ? $"No API server has sent events to {source.Path}." :
        $"{source.Path} does not exist. Give kube-apiserver --audit-log-path={source.Path} and an --audit-policy-file, "
            + "or set spec.sources.apiServer.logFile.path to the path that it has.";
}
