using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Kubectl.Status;

/// <summary>What a Trail's rules found, and which are blind. Pure.</summary>
static class DetectionsBranch
{
    internal static Branch Of(DetectionsSyncStatus detections, DateTimeOffset now) => Branch.OfRows(
        $"detections: {(detections.Rules is { } rules ? Quantity.Counted(rules, "rule") : "rules unknown")}; {Findings(detections)}",
        Leaves(detections, now));

    static string Findings(DetectionsSyncStatus detections) => detections.Findings is > 0 and var all
        ? $"{Quantity.Counted(all, "finding")}: {string.Join(", ", Parts(detections.BySeverity ?? new()))}"
        : "no findings";

    static IEnumerable<string> Parts(FindingsBySeverity findings) =>
        from part in new[]
        {
            (findings.Critical, "critical"),
            (findings.High, "high"),
            (findings.Medium, "medium"),
            (findings.Low, "low"),
            (findings.Info, "info"),
        }
        where part.Item1 > 0
        select $"{Quantity.Count(part.Item1)} {part.Item2}";

    static IEnumerable<string?[]> Leaves(DetectionsSyncStatus detections, DateTimeOffset now) =>
    [
        .. detections.LastFindingRule is { } rule
            ? new[] { new[] { "last finding", $"{rule}, {TrailTree.Ago(detections.LastFindingTime, now)}" } }
            : [],
        .. detections.CannotFire is { Count: > 0 } blind ? new[] { new[] { "cannot fire", string.Join(", ", blind) } } : [],
    ];
}
