using ClusterTrail.Agent.Sources.Journal;

namespace ClusterTrail.Agent.Sources.Admission;

/// <summary>A review that was answered when an earlier agent ended.</summary>
readonly record struct HeldReview(GroupKey Key, int Bytes, DateTimeOffset At);
