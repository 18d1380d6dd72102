using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Model;

/// <summary>How many of the events that API servers made were read.</summary>
/// <param name="Counts">One of each API server whose agent is known, else one of all.</param>
/// <param name="Problem">Why they cannot be compared now; null if they can.</param>
sealed record CompletenessView(IReadOnlyList<TrailCompleteness> Counts, Rejection? Problem = null);
