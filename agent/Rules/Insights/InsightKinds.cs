using ClusterTrail.Contract.Detections;

namespace ClusterTrail.Rules.Insights;

/// <summary>What may be unusual, in the place of rules.</summary>
static class InsightKinds
{
    static readonly DetectionRule callsStart = Of("unusual-call-rate-start", DetectionSeverity.Medium, "Calls are far above what is usual.");
    static readonly DetectionRule callsEnd = Of("unusual-call-rate-end", DetectionSeverity.Info, "Calls are as usual again.");
    static readonly DetectionRule errorsStart = Of("unusual-error-rate-start", DetectionSeverity.Medium, "Errors are far above what is usual.");
    static readonly DetectionRule errorsEnd = Of("unusual-error-rate-end", DetectionSeverity.Info, "Errors are as usual again.");
    static readonly DetectionRule network = Of("first-seen-network", DetectionSeverity.Low, "A user came from another network.");
    static readonly DetectionRule userAgent = Of("first-seen-user-agent", DetectionSeverity.Low, "A user came with another program.");
    static readonly DetectionRule serviceAccountVerb =
        Of("first-seen-service-account-verb", DetectionSeverity.Low, "A service account did what it never did.");

    static readonly DetectionRule secretReader =
        Of("first-seen-secret-reader", DetectionSeverity.Medium, "A user read secrets for the first time.");

    public static IReadOnlyList<DetectionRule> All { get; } =
        [callsStart, callsEnd, errorsStart, errorsEnd, network, userAgent, serviceAccountVerb, secretReader];

    public static DetectionRule Of(RateInsight insight) => (insight.Measure, insight.End) switch
    {
        (RateMeasure.Calls, StretchEnd.None) => callsStart,
        (RateMeasure.Calls, _) => callsEnd,
        (_, StretchEnd.None) => errorsStart,
        _ => errorsEnd,
    };

    public static DetectionRule Of(FirstSeenInsight insight) => insight.Kind switch
    {
        FirstSeenKind.Network => network,
        FirstSeenKind.UserAgent => userAgent,
        FirstSeenKind.ServiceAccountVerb => serviceAccountVerb,
        _ => secretReader,
    };

    static DetectionRule Of(string name, DetectionSeverity severity, string description) =>
        new() { Name = name, Severity = severity, Group = "insights", Description = description, Match = new() };
}
