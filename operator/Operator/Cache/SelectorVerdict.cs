using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Cache;

/// <summary>What a Trail makes of a TrailSelector.</summary>
/// <param name="Refused">Why it is rejected; null when it is accepted.</param>
sealed record SelectorVerdict(Rejection? Refused);
