using ClusterTrail.Operator.Completeness;

namespace ClusterTrail.Operator.Tests.Completeness;

/// <summary>Rounds that a tracker takes, a minute each.</summary>
static class SomeRounds
{
    /// <summary>Follows counts for so long that it is sure of the beginning.</summary>
    public static CountTracker Begun(long made)
    {
        var tracker = new CountTracker("cp-1", null);
        for (var round = 0; round < 20; round++)
            tracker.Take(Round(made, made, made, round - 20));
        return tracker;
    }

    public static void Take(
        CountTracker tracker, Range minutes, long made, long read, LossCauses? causes = null, string server = "s")
    {
        for (var minute = minutes.Start.Value; minute < minutes.End.Value; minute++)
            tracker.Take(Round(made, read, made, minute, causes, server));
    }

    public static DateTimeOffset At(int minute) => Some.Noon.AddMinutes(minute);

    public static CountRound Round(
        long before, long read, long after, int minute, LossCauses? causes = null, string server = "s", string agent = "a") =>
        new(server, agent, before, read, after, causes ?? default, At(minute));
}
