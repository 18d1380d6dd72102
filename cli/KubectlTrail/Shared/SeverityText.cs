using ClusterTrail.Contract.Detections;

namespace ClusterTrail.Kubectl.Shared;

/// <summary>A severity as rules and findings write it.</summary>
static class SeverityText
{
    internal static string Of(DetectionSeverity severity) => $"{severity}".ToLowerInvariant();
}
