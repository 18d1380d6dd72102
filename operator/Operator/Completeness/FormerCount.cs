using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Completeness;

/// <summary>What is known of the events that an API server made before it restarted: whether they were read shows afterwards. Pure.</summary>
/// <remarks>
/// The agent goes on counting. Made were at least those that the last round before the restart saw, and those of the new count; so what
/// exceeds the most that the offset was at the beginning is missing.
/// </remarks>
/// <param name="Made">How many events were made, less the most that the offset was.</param>
/// <param name="Earlier">What was missing before that count began.</param>
/// <param name="Missing">What was missing in it already.</param>
/// <param name="Reason">Why more may be missing.</param>
sealed record FormerCount(long Made, long Earlier, long Missing, string Reason)
{
    /// <param name="before">The same of a restart before, if that is not settled yet.</param>
    /// <returns>Null when nothing follows from it: the agent counts anew, too.</returns>
    public static FormerCount? Of(TrailCompleteness view, FormerCount? before, CountRound round)
    {
        if (view.Agent != round.Agent || view.Server == round.Server)
            return null;
        var earlier = before?.Earlier ?? view.EarlierMissing;
        // The new API server counts its errors from its start on.
        var causes = LossReason.Fallen((view.Causes() ?? round.Causes) with { NotLogged = 0, NotSent = 0 }, round.Causes);
        return new(
            before is null ? view.Events - view.OffsetMost : before.Made + view.Events, earlier,
            view.EarlierMissing + view.MissingAtLeast - earlier, LossReason.Of(round.Causes, causes, missing: 1));
    }

    /// <summary>How many were missing at the restart.</summary>
    /// <param name="offset">The least that the offset of the new count was at its beginning.</param>
    public long MissingWith(long offset) => Earlier + Math.Max(Missing, Made + offset);
}
