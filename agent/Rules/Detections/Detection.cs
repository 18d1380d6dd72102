using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;

namespace ClusterTrail.Rules.Detections;

/// <summary>A detection rule made ready.</summary>
sealed partial class Detection(DetectionRule rule)
{
    readonly Matcher match = new(rule.Match);
    readonly Exceptions exceptions = new(rule.Exceptions);

    public DetectionRule Rule => rule;

    public StageSet Stages { get; } = StageSet.Of(rule.Stages);

    /// <summary>The level that an event must have, at least, to be judged by what is in its bodies; Metadata when the rule looks into none.</summary>
    public AuditLevel BodyLevel { get; } = Greater(LevelOf(rule.Match), rule.Exceptions.Images.Count > 0 ? AuditLevel.Request : AuditLevel.Metadata);

    /// <summary>Whether the event is one that the rule is about, its stage apart.</summary>
    public Outcome Test(in AuditEvent audit)
    {
        var outcome = match.Test(audit);
        return outcome == Outcome.No ? outcome : Matcher.And(outcome, Matcher.Not(exceptions.Apply(audit)));
    }

    /// <summary>Whether what the rule said of an event shows that it can judge such events.</summary>
    public bool IsJudged(in AuditEvent audit, Outcome outcome) =>
        outcome == Outcome.Yes || (audit.Level >= BodyLevel && (BodyLevel == AuditLevel.Metadata || match.Concerns(audit)));

    // All parts must be told, and of any the one that needs least.
    static AuditLevel LevelOf(Match match) => Greater(
        match.Fields.Select(field => Condition.Of(field).BodyLevel ?? AuditLevel.Metadata)
            .Concat(match.All.Concat(match.None).Select(LevelOf))
            .DefaultIfEmpty(AuditLevel.Metadata).Max(),
        match.Any.Select(LevelOf).DefaultIfEmpty(AuditLevel.Metadata).Min());

    static AuditLevel Greater(AuditLevel one, AuditLevel other) => one > other ? one : other;
}
