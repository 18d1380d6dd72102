using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Completeness;

/// <summary>The counts of one Trail: of each API server whose agent is known, or of all. Pure.</summary>
/// <remarks>A loss is told for a day, also when its node is gone or other counts are compared by then.</remarks>
sealed class TrailCounts
{
    readonly Dictionary<string, CountTracker> trackers;

    /// <param name="known">What was known before the operator restarted.</param>
    public TrailCounts(IEnumerable<TrailCompleteness> known, DateTimeOffset now) => trackers = known.DistinctBy(count => count.Name)
        .ToDictionary(count => count.Name, count => new CountTracker(count.Name, count with { LastAt = now }));

    public void Take(string name, CountRound round)
    {
        // Where it is known which agent reads whose events, their sum says nothing more; and the other way round.
        Remove(other => !IsLossy(other) && (other.Name == CompletenessView.All) != (name == CompletenessView.All));
        if (!trackers.TryGetValue(name, out var tracker))
            trackers[name] = tracker = new(name, null);
        tracker.Take(round);
    }

    public IReadOnlyList<TrailCompleteness> At(DateTimeOffset now)
    {
        Remove(count => now - count.LastAt >= CountTracker.Told);
        return [.. trackers.Values.Select(tracker => tracker.View!).OrderBy(count => count.Name, StringComparer.Ordinal)];
    }

    static bool IsLossy(TrailCompleteness count) => count.MissingAtLeast + count.EarlierMissing > 0;

    void Remove(Func<TrailCompleteness, bool> isGone)
    {
        foreach (var gone in trackers.Where(one => isGone(one.Value.View!)).Select(one => one.Key).ToList())
            trackers.Remove(gone);
    }
}
