using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Completeness;

/// <summary>The counts of one Trail: of each API server whose agent is known, or of all. Pure.</summary>
/// <remarks>
/// A loss is told for a day, also when its node is gone or other counts are compared by then. A count stays as long as its node, however
/// long nothing could be compared: what was lost meanwhile shows by it.
/// </remarks>
sealed class TrailCounts
{
    // An address without a node for a look or two must not make all counts begin anew.
    const int LooksToForget = 10;

    readonly Dictionary<string, CountTracker> trackers;
    readonly Dictionary<string, DateTimeOffset> comparedAt = [];
    bool isSum;
    int looks;
    DateTimeOffset lookedAt;

    /// <param name="known">What was known before the operator restarted.</param>
    public TrailCounts(IEnumerable<TrailCompleteness> known, DateTimeOffset now) => trackers = known.DistinctBy(count => count.Name)
        .ToDictionary(count => count.Name, count => new CountTracker(
            count.Name, count with { LastAt = now, FoundAt = count.FoundAt ?? (IsTold(count) ? now : null) }));

    public void Take(string name, CountRound round)
    {
        Note(name == CompletenessView.All, round.At);
        // Where it is known which agent reads whose events, their sum says nothing more; and the other way round.
        if (looks >= LooksToForget)
            Remove(other => !IsTold(other) && (other.Name == CompletenessView.All) != isSum);
        if (!trackers.TryGetValue(name, out var tracker))
            trackers[name] = tracker = new(name, null);
        tracker.Take(round);
        comparedAt[name] = round.At;
    }

    /// <summary>When each was compared last; what was known before the operator restarted is not here.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> ComparedAt => new Dictionary<string, DateTimeOffset>(comparedAt);

    /// <param name="isThere">Whether a node still is.</param>
    public IReadOnlyList<TrailCompleteness> At(DateTimeOffset now, Func<string, bool> isThere)
    {
        foreach (var tracker in trackers.Values)
            tracker.Forget(now);
        Remove(count => !IsTold(count) && count.Name != CompletenessView.All && !isThere(count.Name));
        return [.. trackers.Values.Select(tracker => tracker.View!).OrderBy(count => count.Name, StringComparer.Ordinal)];
    }

    // How many looks of a kind followed each other.
    void Note(bool sum, DateTimeOffset at)
    {
        looks = sum != isSum ? 1 : at == lookedAt ? looks : looks + 1;
        (isSum, lookedAt) = (sum, at);
    }

    static bool IsTold(TrailCompleteness count) => count.MissingAtLeast + count.EarlierMissing + count.SurplusAtLeast > 0;

    void Remove(Func<TrailCompleteness, bool> isGone)
    {
        foreach (var gone in trackers.Where(one => isGone(one.Value.View!)).Select(one => one.Key).ToList())
        {
            trackers.Remove(gone);
            comparedAt.Remove(gone);
        }
    }
}
