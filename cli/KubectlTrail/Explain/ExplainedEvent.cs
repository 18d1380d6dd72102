using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Explaining;

namespace ClusterTrail.Kubectl.Explain;

/// <summary>An event, and what rules say of it.</summary>
/// <param name="Own">The level that the event has.</param>
/// <param name="Recorded">The level at which it is recorded; None if it is not.</param>
/// <param name="Cut">The bodies that are cut out then.</param>
/// <param name="Detections">Those that are shown.</param>
/// <param name="Start">Of a process: what started it; null of an audit event.</param>
sealed record ExplainedEvent(
    EventHead Head, AgentRules By, AuditLevel Own, AuditLevel Recorded, IReadOnlyList<string> Cut, IReadOnlyList<SetExplanation> Sets,
    IReadOnlyList<(DetectionRule Rule, DetectionExplanation Explanation)> Detections, IReadOnlyList<string>? Start = null)
{
    /// <summary>How many rules are about other requests.</summary>
    internal int Others => By.Detections.Detections.Count - Detections.Count;

    /// <param name="all">Whether rules about other requests are shown too.</param>
    internal static ExplainedEvent Of(in AuditEvent audit, AgentRules by, bool all)
    {
        // Selectors are for API events.
        var recorded = audit.IsProcess ? audit.Level : by.LevelOf(audit);
        var detections = new List<(DetectionRule Rule, DetectionExplanation Explanation)>();
        foreach (var rule in Concerned(audit, by.Detections, all))
            detections.Add((by.Detections[rule].Rule, by.Detections[rule].Explain(audit)));
        return new(
            EventHead.Of(audit), by, audit.Level, recorded, [.. Cuts(audit, recorded)],
            audit.IsProcess ? [] : by.Selector.Explain(audit),
            [.. detections.OrderByDescending(detection => detection.Explanation.Verdict)],
            audit.IsProcess ? ProcessStart.Of(audit) : null);
    }

    static List<int> Concerned(in AuditEvent audit, DetectionSet detections, bool all)
    {
        if (all)
            return [.. Enumerable.Range(0, detections.Detections.Count)];
        var concerned = new List<int>();
        foreach (var rule in detections.ConcernedByRequest(audit, new ulong[detections.Words]))
            concerned.Add(rule);
        return concerned;
    }

    static List<string> Cuts(in AuditEvent audit, AuditLevel recorded)
    {
        var cuts = new List<string>();
        if (recorded == AuditLevel.Metadata && audit.RequestObject != 0)
            cuts.Add("requestObject");
        if (recorded is AuditLevel.Metadata or AuditLevel.Request && audit.ResponseObject != 0)
            cuts.Add("responseObject");
        return cuts;
    }
}
