namespace ClusterTrail.WebConsole.Queries;

/// <summary>How many records are in a slice of time.</summary>
/// <param name="All">All of them.</param>
/// <param name="Failed">Of these, requests that failed.</param>
/// <param name="Findings">Of these, findings.</param>
readonly record struct SliceCount(long All, long Failed, long Findings);
