using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Judging;

/// <summary>The rules by which a Trail's conditions are judged. Pure: they see a view and change nothing.</summary>
static class TrailConditions
{
    public const string Accepted = "Accepted";
    public const string SelectorsSynced = "SelectorsSynced";
    public const string Ready = "Ready";

    static readonly IReadOnlyList<Func<TrailView, Verdict>> Rules =
    [
        JudgeAccepted, CoveredCondition.Judge, AvailableCondition.Judge, ReceivingCondition.Judge, DeliveringCondition.Judge,
        DeliveringAllCondition.Judge, JudgeSelectors,
    ];

    /// <summary>All conditions, and Ready, which sums up those about recording.</summary>
    public static IReadOnlyList<Verdict> Evaluate(TrailView view)
    {
        List<Verdict> verdicts = [.. Rules.Select(rule => rule(view)), .. WorkloadConditions.Evaluate(view)];
        return [
            Deleted(JudgeReady(verdicts), view),
            .. verdicts,
            .. ProcessEventsCondition.Evaluate(view),
            IntactCondition.Judge(view),
            .. ImmutableCondition.Evaluate(view),
            .. AnchoredCondition.Evaluate(view),
            .. CompleteCondition.Evaluate(view),
            .. SelectorQuotaCondition.Evaluate(view),
            .. EnrichedCondition.Evaluate(view),
            .. PolicyCondition.Evaluate(view),
            .. DetectionConditions.Evaluate(view)
        ];
    }

    // The message is that of the most specific cause: a condition that knows an effect only gives way to one that knows why.
    static Verdict JudgeReady(IReadOnlyList<Verdict> verdicts)
    {
        if (verdicts.Where(verdict => verdict.Holds == false).OrderBy(verdict => verdict.IsEffect).FirstOrDefault() is { } wrong)
            return new(Ready, false, wrong.Reason, wrong.Message);
        // Agents record while a change of their selectors is on its way.
        return verdicts.FirstOrDefault(verdict =>
            verdict.Holds is null && verdict.Type != SelectorsSynced && !WorkloadConditions.IsMinor(verdict)) is { } unknown
            ? new(Ready, null, unknown.Reason, unknown.Message)
            : new(Ready, true, "Recording", "All agents record and deliver.");
    }

    // A user who waits for a deletion sees what it waits for.
    static Verdict Deleted(Verdict ready, TrailView view) => view.DeletionDeadline is { } at
        ? ready with
        {
            Message = "The Trail is being deleted. It waits until its agents have delivered their batches, "
                + $"until {at:yyyy-MM-ddTHH:mm:ssZ} at most. {ready.Message}",
        }
        : ready;

    static Verdict JudgeAccepted(TrailView view) => view.Problems.Count == 0
        ? new(Accepted, true, "Valid", $"The spec and the objects that it names are valid.{(RecordsNothing(view) ? Nothing : "")}")
        : new(Accepted, false, view.Problems[0].Reason,
            $"{string.Join(' ', view.Problems.Select(problem => problem.Message))} Running agents keep the last valid configuration.");

    const string Nothing =
        " Nothing is recorded: spec.selectors is an empty list, and no TrailSelector adds to it. Omit spec.selectors to record everything.";

    static bool RecordsNothing(TrailView view) => view.Trail.Spec.Selectors is { Count: 0 } && view.AttachedSelectors == 0;

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
                return new(SelectorsSynced, false, "SelectorsRefused", $"On {agent.Node} the agent keeps its previous selectors: {error}");
        }

        var reporting = view.Reporting.ToList();
        var synced = reporting.Count(report => report.Status.Selectors.Hash == view.SelectorsHash);
        if (reporting.Count == 0)
        {
            return view.SameIf(SelectorsSynced, view.Trail.Status?.Selectors?.Hash == view.SelectorsHash)
                ?? new(SelectorsSynced, null, "NotAsked", "No agent answers yet.");
        }


        return synced == reporting.Count
            ? new(SelectorsSynced, true, "Synced", "All agents use the newest selectors.")
            : new(SelectorsSynced, null, "Syncing",
                $"{synced} of {reporting.Count} agents use the newest selectors; kubelets take up to two minutes to update a ConfigMap.");
    }
}
