using ClusterTrail.Contract.Detections;

namespace ClusterTrail.Agent.Detections;

/// <summary>A finding as it is archived and sent.</summary>
/// <param name="EventId">The eventID of its record.</param>
/// <param name="At">When the event happened that made it one, as the event writes it.</param>
/// <param name="Record">The line of the archive, with its line break.</param>
/// <param name="SummaryLength">How much of it comes before the event that it may bring along.</param>
sealed record Insight(DetectionRule Rule, string EventId, byte[] At, byte[] Record, int SummaryLength);
