namespace ClusterTrail.Verification.Chains;

/// <summary>Where a chain begins to say something of a source.</summary>
/// <param name="Sequence">The first number that it proves.</param>
readonly record struct SourceStart(long Sequence, DateTimeOffset From);
