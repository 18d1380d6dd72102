namespace ClusterTrail.Verification.Chains;

/// <summary>What the digests of a chain say, in the period that is verified, that the operator found of completeness.</summary>
/// <param name="ComparedUntil">When it compared last; null: never.</param>
/// <param name="Missing">How many events that API servers made were not read, at least.</param>
/// <param name="MostMissing">The same, at most.</param>
/// <param name="Surplus">How many more were read than made, at least.</param>
/// <param name="OfAll">Whether these are the numbers of all API servers together, so that other chains have the same.</param>
/// <param name="NotCompared">Why nothing could be compared in the end; null if it could.</param>
public sealed record CompletenessTotals(
    DateTimeOffset? ComparedUntil, long Missing, long MostMissing, long Surplus, bool OfAll, string? NotCompared,
    DateTimeOffset? NotComparedSince)
{
    public static CompletenessTotals None { get; } = new(null, 0, 0, 0, false, null, null);
}
