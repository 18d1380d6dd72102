using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Detections;

/// <summary>Holds the events of one source against the rules, and remembers what rules need to remember.</summary>
/// <remarks>
/// Guarantees: a rule fires once per request, however many of its stages arrive; nothing is allocated for an event that fires nothing;
/// an error in a rule is counted, and the other rules are evaluated all the same.
/// </remarks>
sealed class Detector(DetectionSet set)
{
    // So many events without a stage, and it is left out by the audit policy.
    const int EnoughEvents = 200;

    readonly RecentRequests?[] recent = [.. set.Detections.Select(detection => detection.Stages.IsSeveral ? new RecentRequests() : null)];
    readonly Windows?[] windows = new Windows?[set.Detections.Count];
    readonly RuleCounts[] counts = new RuleCounts[set.Detections.Count];
    readonly ulong[] candidates = new ulong[set.Words];
    readonly List<Finding> findings = [];
    StageSet seen;
    long events;
    long latest;

    public DetectionSet Set => set;

    /// <summary>What the last event made known.</summary>
    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>What was counted of a rule since this was last asked.</summary>
    public RuleCounts TakeCounts(int rule)
    {
        var taken = counts[rule] with { Evicted = windows[rule]?.TakeEvicted() ?? 0 };
        counts[rule] = default;
        return taken;
    }

    /// <summary>What events must have for a rule to judge them, for people.</summary>
    public string Needs(int rule) =>
        set[rule].Stages.Overlaps(seen) ? $"level {set[rule].BodyLevel}" : $"stage {string.Join(" or ", set[rule].Rule.Stages)}";

    /// <summary>Holds an event against the rules; <see cref="Findings"/> has what came of it. False when that is nothing.</summary>
    public bool Detect(in AuditEvent audit, Position position)
    {
        findings.Clear();
        var stage = StageSet.Of(audit.Stage);
        seen = seen.With(stage);
        events++;
        foreach (var rule in set.CandidatesFor(audit, candidates))
        {
            try
            {
                Detect(rule, audit, stage, position);
            }
            // An error of ours in one rule must keep neither the other rules nor the event's record from their work.
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                NoteFailure(rule, e);
            }
        }

        return findings.Count > 0;
    }

    /// <summary>Counts an error of ours with a rule.</summary>
    public void NoteFailure(int rule, Exception failure) =>
        counts[rule] = counts[rule] with { Failed = counts[rule].Failed + 1, Failure = failure };

    void Detect(int rule, in AuditEvent audit, StageSet stage, Position position)
    {
        var detection = set[rule];
        var isOfStage = detection.Stages.Overlaps(stage);
        if (!isOfStage && (events < EnoughEvents || detection.Stages.Overlaps(seen)))
        {
            return;
        }

        var outcome = detection.Test(audit);
        ref var count = ref counts[rule];
        if (outcome == Outcome.Unknown || (outcome == Outcome.Yes && !isOfStage))
        {
            count = count with { NotEvaluable = count.NotEvaluable + 1, Cut = count.Cut + (audit.Truncation is null ? 0 : 1) };
        }
        else if (isOfStage && !count.IsEvaluable)
        {
            count = count with { IsEvaluable = detection.IsJudged(audit, outcome) };
        }

        if (outcome == Outcome.Yes && isOfStage)
        {
            Found(rule, audit, stage, position);
        }
    }

    void Found(int rule, in AuditEvent audit, StageSet stage, Position position)
    {
        if (recent[rule]?.Note(audit, stage) == false)
        {
            return;
        }

        if (set[rule].Rule.Threshold is not { } threshold)
        {
            findings.Add(new(rule, 1, [position]));
            return;
        }

        latest = EventTime.Parse(audit.StageTimestamp)?.Ticks ?? latest;
        var burst = windows[rule] ??= new(threshold);
        if (burst.Note(audit, position, latest, out var proof))
        {
            findings.Add(new(rule, threshold.Count, proof.ToArray()));
        }
    }
}
