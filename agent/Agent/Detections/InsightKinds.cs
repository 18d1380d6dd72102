using ClusterTrail.Contract.Detections;

namespace ClusterTrail.Agent.Detections;

/// <summary>What may be unusual, in the place of rules: names and severities are those of the details.</summary>
static class InsightKinds
{
    static readonly Dictionary<string, DetectionRule> kinds = new DetectionRule[]
    {
        Of("unusual-call-rate-start", DetectionSeverity.Medium, "Calls are far above what is usual."),
        Of("unusual-call-rate-end", DetectionSeverity.Info, "Calls are as usual again."),
        Of("unusual-error-rate-start", DetectionSeverity.Medium, "Errors are far above what is usual."),
        Of("unusual-error-rate-end", DetectionSeverity.Info, "Errors are as usual again."),
        Of("first-seen-network", DetectionSeverity.Low, "A user came from another network."),
        Of("first-seen-user-agent", DetectionSeverity.Low, "A user came with another program."),
        Of("first-seen-service-account-verb", DetectionSeverity.Low, "A service account did what it never did."),
        Of("first-seen-secret-reader", DetectionSeverity.Medium, "A user read secrets for the first time."),
    }.ToDictionary(kind => kind.Name);

    public static IEnumerable<DetectionRule> All => kinds.Values;

    public static DetectionRule Named(string name) => kinds[name];

    static DetectionRule Of(string name, DetectionSeverity severity, string description) =>
        new() { Name = name, Severity = severity, Group = "insights", Description = description, Match = new() };
}
