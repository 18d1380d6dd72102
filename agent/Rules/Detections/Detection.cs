using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Detections;

/// <summary>A detection rule made ready.</summary>
sealed partial class Detection
{
    readonly Matcher match;
    readonly Exceptions exceptions;

    public Detection(DetectionRule rule)
    {
        (Rule, Stages) = (rule, StageSet.Of(rule.Stages));
        (match, exceptions) = (new(rule.Match), new(rule.Exceptions));
        BodyLevel = match.BodyLevel > exceptions.BodyLevel ? match.BodyLevel : exceptions.BodyLevel;
    }

    public DetectionRule Rule { get; }

    public StageSet Stages { get; }

    /// <summary>
    /// The level that an event must have, at least, to be judged by what is in its bodies; Metadata when the rule looks into none.
    /// </summary>
    public AuditLevel BodyLevel { get; }

    /// <summary>Whether the event is one that the rule is about, its stage apart.</summary>
    public Outcome Test(in AuditEvent audit)
    {
        // Names are compared sooner than fields: most of what rules are about the cluster's own components do.
        if (!match.IsOfRequest(audit) || exceptions.NameRequest(audit))
        {
            return Outcome.No;
        }

        var outcome = match.TestFields(audit);
        return outcome == Outcome.No ? outcome : Matcher.And(outcome, Matcher.Not(Excused(audit)));
    }

    // What was cut out of an event excuses nothing.
    Outcome Excused(in AuditEvent audit)
    {
        var undecided = audit.Truncation?.Undecided;
        var excused = exceptions.HaveImages(audit);
        return excused == Outcome.Unknown && audit.Truncation?.Undecided != undecided ? Outcome.No : excused;
    }

    /// <summary>Whether what the rule said of an event shows that it can judge such events.</summary>
    public bool IsJudged(in AuditEvent audit, Outcome outcome) =>
        outcome == Outcome.Yes || (audit.Level >= BodyLevel && (BodyLevel == AuditLevel.Metadata || match.Concerns(audit)));
}
