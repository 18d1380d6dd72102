using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Completeness;

/// <summary>The likeliest reason of a loss: what was counted since the one before. Pure.</summary>
static class LossReason
{
    /// <param name="now">What is counted now.</param>
    /// <param name="before">What was counted when a loss was found last; null when that is not known.</param>
    /// <param name="missing">How many are missing; none is a surplus.</param>
    public static string Of(LossCauses now, LossCauses? before, long missing)
    {
        var known = before ?? now;
        return missing == 0 ? CompletenessReasons.AnotherWriter
            : now.NotSent > known.NotSent ? CompletenessReasons.WebhookOverflow
            : now.NotLogged > known.NotLogged ? CompletenessReasons.LogNotWritten
            : now.Gaps > known.Gaps ? CompletenessReasons.RotatedAway
            : CompletenessReasons.AnotherLog;
    }

    /// <summary>What was counted before, as far as it still counts: an agent counts its gaps from its start on.</summary>
    public static LossCauses Fallen(LossCauses before, LossCauses now) =>
        before with { Gaps = now.Gaps < before.Gaps ? 0 : before.Gaps };

    /// <summary>What was counted when a loss was found last.</summary>
    public static LossCauses? Causes(this TrailCompleteness view) =>
        view is { NotLogged: { } notLogged, NotSent: { } notSent, Gaps: { } gaps } ? new(notLogged, notSent, gaps) : null;

    public static TrailCompleteness With(this TrailCompleteness view, LossCauses causes) =>
        view with { NotLogged = causes.NotLogged, NotSent = causes.NotSent, Gaps = causes.Gaps };
}
