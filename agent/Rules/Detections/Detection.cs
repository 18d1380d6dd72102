using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Detections;

/// <summary>A detection rule made ready.</summary>
sealed class Detection(DetectionRule rule)
{
    readonly Matcher match = new(rule.Match);
    readonly Exceptions exceptions = new(rule.Exceptions);

    public DetectionRule Rule => rule;

    public StageSet Stages { get; } = StageSet.Of(rule.Stages);

    /// <summary>Whether the event is one that the rule is about, its stage apart.</summary>
    public Outcome Test(in AuditEvent audit)
    {
        var outcome = match.Test(audit);
        return outcome == Outcome.No ? outcome : Matcher.And(outcome, Matcher.Not(exceptions.Apply(audit)));
    }
}
