namespace ClusterTrail.Verification.Chains;

/// <summary>Numbers of a source's batches that are not as they must be.</summary>
/// <param name="Count">How many numbers are missing; 1 where they go back.</param>
readonly record struct NumberFault(string Source, string Message, long Count);
