namespace ClusterTrail.Operator.Model;

/// <summary>What TrailSelectors add to a Trail.</summary>
/// <param name="Sets">The rule sets of those that are accepted, as agents get them, the oldest first.</param>
/// <param name="OverQuota">How many of each namespace exceed a quota, by namespace.</param>
sealed record AttachedRules(IReadOnlyList<byte[]> Sets, IReadOnlyList<KeyValuePair<string, int>> OverQuota)
{
    public static AttachedRules None { get; } = new([], []);
}
