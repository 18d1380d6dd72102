using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Detections;

/// <summary>Holds the events of one source against the rules, and remembers what rules need to remember.</summary>
/// <remarks>Guarantees: a request is told once by a rule, however many of its stages arrive; nothing is allocated for an event that fires nothing.</remarks>
sealed class Detector(DetectionSet set)
{
    // So many events without a stage, and it is left out by the audit policy.
    const int EnoughEvents = 200;

    readonly RecentRequests?[] recent = [.. set.Detections.Select(detection => detection.Stages.IsSeveral ? new RecentRequests() : null)];
    readonly Windows?[] windows = new Windows?[set.Detections.Count];
    readonly long[] evaluated = new long[set.Detections.Count];
    readonly long[] notEvaluable = new long[set.Detections.Count];
    readonly List<Finding> findings = [];
    StageSet seen;
    long events;
    long latest;

    public DetectionSet Set => set;

    /// <summary>What the last event made known.</summary>
    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>How many events a rule could not judge, since the detector was made.</summary>
    public long NotEvaluable(int rule) => Volatile.Read(ref notEvaluable[rule]);

    /// <summary>How many events it matched.</summary>
    public long Evaluated(int rule) => Volatile.Read(ref evaluated[rule]);

    /// <summary>How many bursts in the making were forgotten for others.</summary>
    public long Evicted(int rule) => Volatile.Read(ref windows[rule])?.Evicted ?? 0;

    /// <summary>Holds an event against the rules; <see cref="Findings"/> has what came of it. False when that is nothing.</summary>
    public bool Detect(in AuditEvent audit, Position position)
    {
        findings.Clear();
        var stage = StageSet.Of(audit.Stage);
        seen = seen.With(stage);
        events++;
        foreach (var rule in set.CandidatesFor(audit))
        {
            Detect(rule, audit, stage, position);
        }

        return findings.Count > 0;
    }

    void Detect(int rule, in AuditEvent audit, StageSet stage, Position position)
    {
        var detection = set[rule];
        var isOfStage = detection.Stages.Overlaps(stage);
        if (!isOfStage && (events < EnoughEvents || detection.Stages.Overlaps(seen)))
        {
            return;
        }

        var outcome = detection.Test(audit);
        if (outcome == Outcome.Unknown || (outcome == Outcome.Yes && !isOfStage))
        {
            notEvaluable[rule]++;
        }
        else if (outcome == Outcome.Yes)
        {
            Found(rule, audit, position);
        }
    }

    void Found(int rule, in AuditEvent audit, Position position)
    {
        evaluated[rule]++;
        if (recent[rule]?.Note(audit) == false)
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
