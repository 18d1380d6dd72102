using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Completeness;

/// <summary>Which losses were none. Pure.</summary>
static class TakenBack
{
    /// <summary>How many events of which node are no longer missing, although no day is over.</summary>
    public static IEnumerable<(string Name, long Events)> Between(
        IEnumerable<TrailCompleteness> before, IEnumerable<TrailCompleteness> now) =>
        from former in before
        join count in now on former.Name equals count.Name
        let events = former.MissingAtLeast + former.EarlierMissing - count.MissingAtLeast - count.EarlierMissing
        where events > 0 && count.LastAt - former.FoundAt < CountTracker.Told
        select (former.Name, events);
}
