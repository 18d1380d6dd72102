using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Judging;

/// <summary>Makes of what agents say what a Trail's status says of its rules. Pure.</summary>
static class DetectionsStatusBuilder
{
    const int MostBlind = 50;

    public static DetectionsSyncStatus Build(TrailView view, AgentCounters counted)
    {
        var reports = view.Reporting.Select(reporting => reporting.Status.Detections).OfType<DetectionsStatus>().ToList();
        var others = (view.Workloads?.Reporting ?? []).Select(reporting => reporting.Status.Detections).OfType<DetectionsStatus>();
        var findings = reports.Concat(others).SelectMany(report => report.Findings).ToList();
        var before = view.Trail.Status?.Detections;
        // The last finding stays when the agent that reported it restarts.
        var newest = findings.MaxBy(finding => finding.LastAt) is { } last
            && !(TrailStatusBuilder.Whole(last.LastAt) < before?.LastFindingTime)
            ? last
            : null;
        var blind = DetectionConditions.Blind(view).Select(rule => rule.Rule).Take(MostBlind).ToList();
        return new()
        {
            Rules = reports.Count == 0 ? before?.Rules : reports.Max(report => report.Rules),
            Findings = counted.AllFindings,
            BySeverity = counted.AllFindings > 0 ? counted.Findings : null,
            LastFindingTime = newest is null ? before?.LastFindingTime : TrailStatusBuilder.Whole((DateTimeOffset?)newest.LastAt),
            LastFindingRule = newest?.Rule ?? before?.LastFindingRule,
            CannotFire = blind.Count == 0 ? null : blind,
            Hash = view.DetectionsHash,
            Synced = reports.Count(report => report.Hash == view.DetectionsHash),
        };
    }
}
