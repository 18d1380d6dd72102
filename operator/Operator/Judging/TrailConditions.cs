using ClusterTrail.Contract.Status;

namespace ClusterTrail.Operator.Judging;

/// <summary>The rules by which a Trail's conditions are judged. Pure: they see a view and change nothing.</summary>
static class TrailConditions
{
    public const string Accepted = "Accepted";
    public const string Available = "Available";
    public const string Receiving = "Receiving";
    public const string Delivering = "Delivering";
    public const string SelectorsSynced = "SelectorsSynced";
    public const string Ready = "Ready";

    static readonly IReadOnlyList<Func<TrailView, Verdict>> Rules = [JudgeAccepted, JudgeAvailable, JudgeReceiving, JudgeDelivering, JudgeSelectors];

    /// <summary>All conditions, and Ready, which sums up those about recording.</summary>
    public static IReadOnlyList<Verdict> Evaluate(TrailView view)
    {
        var verdicts = Rules.Select(rule => rule(view)).ToList();
        return [JudgeReady(verdicts), .. verdicts, .. DetectionConditions.Evaluate(view)];
    }

    static Verdict JudgeReady(IReadOnlyList<Verdict> verdicts)
    {
        if (verdicts.FirstOrDefault(verdict => verdict.Holds == false) is { } wrong)
            return new(Ready, false, wrong.Reason, wrong.Message);
        if (verdicts.FirstOrDefault(verdict => verdict.Holds is null) is { } unknown)
            return new(Ready, null, unknown.Reason, unknown.Message);
        return new(Ready, true, "Recording", "All agents record and deliver.");
    }

    static Verdict JudgeAccepted(TrailView view) => view.Problems.Count == 0
        ? new(Accepted, true, "Valid", "The spec and all that it names can be used.")
        : new(Accepted, false, view.Problems[0].Reason, $"{string.Join(' ', view.Problems.Select(problem => problem.Message))} Agents that run go on as they were.");

    static Verdict JudgeAvailable(TrailView view)
    {
        if (view.DaemonSet is not { ObservedGeneration: not null } agents)
            return new(Available, null, "NotScheduled", "The agents' DaemonSet is not scheduled yet.");
        if (agents.DesiredNumberScheduled == 0)
            return new(Available, false, "NoNodes", "No node matches the agents' node selector; set spec.agent.nodeSelector to what control-plane nodes are labelled with.");
        if (agents.NumberAvailable >= agents.DesiredNumberScheduled)
            return new(Available, true, "AllAvailable", $"All {agents.DesiredNumberScheduled} agents are available.");
        var missing = $"{agents.NumberAvailable} of {agents.DesiredNumberScheduled} agents are available.";
        return view.Agents.FirstOrDefault(agent => agent.Waiting?.Reason is not null) is { Waiting: { } waiting } waits
            ? new(Available, false, waiting.Reason!, $"{missing} On {waits.Node}: {waiting.Reason}: {waiting.Message}")
            : new(Available, false, "AgentsUnavailable", $"{missing} kubectl describe their pods for why.");
    }

    static Verdict JudgeReceiving(TrailView view)
    {
        if (!view.Trail.Spec.Logging)
            return new(Receiving, false, "LoggingOff", "spec.logging is false: agents deliver what they hold and read nothing more.");
        if (view.Agents.Count == 0)
            return new(Receiving, null, "NoAgents", "No agent runs yet.");
        foreach (var (agent, status) in view.Reporting)
        {
            if (status.Sources.FirstOrDefault(source => source.State is SourceState.Failed or SourceState.Blocked or SourceState.Waiting) is { } source)
                return new(Receiving, false, $"Source{source.State}", $"On {agent.Node}: {source.Message ?? Missing(source)}");
        }

        if (view.Agents.FirstOrDefault(agent => agent.Report?.Error is not null) is { } silent)
            return new(Receiving, null, "AgentUnreachable", $"On {silent.Node} the agent's status cannot be read: {silent.Report!.Error}");
        return view.Reporting.Any()
            ? new(Receiving, true, "ReadingLogs", "All agents follow their logs.")
            : new(Receiving, null, "NotAsked", "No agent was asked for its status yet.");
    }

    static string Missing(SourceStatus source) =>
        $"{source.Path} does not exist. Give kube-apiserver --audit-log-path={source.Path} and an --audit-policy-file, or set spec.sources.apiServer.logFile.path to what it has.";

    static Verdict JudgeDelivering(TrailView view)
    {
        var failing = view.Reporting
            .SelectMany(reporting => reporting.Status.Sinks.Where(sink => sink.LastError is not null).Select(sink => (reporting.Agent.Node, Error: sink.LastError!)))
            .OrderBy(failing => failing.Error.Since)
            .FirstOrDefault();
        if (failing.Error is { } error)
            return new(Delivering, false, Word(error.Code), $"Since {error.Since:yyyy-MM-ddTHH:mm:ssZ} the sink takes nothing from {failing.Node}: {error.Code}: {error.Message}");
        if (view.Reporting.Any(reporting => reporting.Status.Sinks.Any(sink => sink.LastDelivery is not null)))
            return new(Delivering, true, "SinkConfirms", "The sink confirms what agents send.");
        return new(Delivering, null, "NothingSent", "No agent has sent anything since it started.");
    }

    // A reason is a word of letters and digits that starts with a letter; S3's error codes are, but a store may answer what it likes.
    public static string Word(string code)
    {
        var word = string.Concat(code.Where(char.IsAsciiLetterOrDigit));
        return word.Length > 0 && char.IsAsciiLetter(word[0]) ? word : $"Error{word}";
    }

    static Verdict JudgeSelectors(TrailView view)
    {
        foreach (var (agent, status) in view.Reporting)
        {
            if (status.Selectors.LastError is { } error)
                return new(SelectorsSynced, false, "SelectorsRefused", $"On {agent.Node} the agent keeps its former selectors: {error}");
        }

        var reporting = view.Reporting.ToList();
        var synced = reporting.Count(report => report.Status.Selectors.Hash == view.SelectorsHash);
        if (reporting.Count == 0)
            return new(SelectorsSynced, null, "NotAsked", "No agent was asked for its status yet.");
        return synced == reporting.Count
            ? new(SelectorsSynced, true, "Synced", "All agents run the newest selectors.")
            : new(SelectorsSynced, null, "Syncing", $"{synced} of {reporting.Count} agents run the newest selectors; kubelets take up to two minutes to bring a changed ConfigMap.");
    }
}
