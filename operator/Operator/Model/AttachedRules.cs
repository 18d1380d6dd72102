using ClusterTrail.Trails.Files;

namespace ClusterTrail.Operator.Model;

/// <summary>What TrailSelectors add to a Trail.</summary>
/// <param name="Count">How many are accepted.</param>
/// <param name="Sets">Their rule sets, as agents get them, the oldest first.</param>
/// <param name="Workloads">What they ask for of workloads, the oldest first.</param>
/// <param name="OverQuota">How many of each namespace exceed a quota, by namespace.</param>
sealed record AttachedRules(
    int Count, IReadOnlyList<byte[]> Sets, IReadOnlyList<WrittenWorkloads> Workloads, IReadOnlyList<KeyValuePair<string, int>> OverQuota)
{
    public static AttachedRules None { get; } = new(0, [], [], []);
}
