using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Kubectl.Insights;

/// <summary>What a replay found, as an agent would have.</summary>
/// <param name="Source">Whose events they are.</param>
/// <param name="Time">Of the event that showed it, as it writes that.</param>
/// <param name="EventId">Of that event's record.</param>
/// <param name="Rate">The unusual rate; null if it is something else.</param>
/// <param name="First">What was seen for the first time; null if it is something else.</param>
/// <param name="Minutes">The rate and what was usual, the oldest first.</param>
sealed record ReplayedInsight(
    ReplayedSource Source, string Time, string EventId, RateInsight? Rate, FirstSeenInsight? First, IReadOnlyList<RateMinute> Minutes)
{
    internal byte[] Details => Rate is { } rate ? InsightDetails.Write(rate) : InsightDetails.Write(First!, EventId);
}
