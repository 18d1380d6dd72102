using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Completeness;

/// <summary>Follows the counts of an API server and of the agent that reads its events, and proves what is missing. Pure.</summary>
/// <remarks>
/// Guarantee: what it says to be missing at least is missing, if counters are right and at most two of ten rounds find an agent late.
/// The offset of the two counts is a constant, and grows by one with each event that is not read. Each round bounds it from both sides. At
/// the first round nothing counts as missing; the least upper bound of all rounds bounds the constant, and what is proven beyond it is
/// missing. What later rounds show to have been read was late, and is missing no longer.
/// </remarks>
sealed class CountTracker
{
    /// <summary>Losses are told for a day; then the comparison begins anew.</summary>
    public static readonly TimeSpan Told = TimeSpan.FromDays(1);

    // So many rounds show where the counts begin.
    const int RoundsToBegin = RecentRounds.Most;
    static readonly TimeSpan TimeToBegin = TimeSpan.FromMinutes(10);

    readonly string name;
    readonly RecentRounds last = new();
    // What was made before a restart; null once that is settled.
    FormerCount? former;
    bool isRestored;
    int rounds = RoundsToBegin;

    /// <param name="name">Whose counts they are, for people: a node, or all API servers.</param>
    /// <param name="known">What was known before the operator restarted.</param>
    public CountTracker(string name, TrailCompleteness? known)
    {
        (this.name, View, isRestored) = (name, known, known is not null);
        // It may have known the beginning by a round or two.
        if (known?.LastAt - known?.Since < TimeToBegin)
            rounds = 0;
    }

    /// <summary>What is known; null before the first round.</summary>
    public TrailCompleteness? View { get; private set; }

    public void Take(CountRound round)
    {
        Forget(round.At);
        if (View is not { } view || view.Server != round.Server || view.Agent != round.Agent)
        {
            View = Begin(round);
            return;
        }

        last.Add(round.Offset);
        View = WithEarlier(Count(WithBegin(view, round), round), round);
    }

    /// <summary>Tells a loss no longer when its day is over. What was found by few rounds yet still counts.</summary>
    public void Forget(DateTimeOffset at)
    {
        if (View is not { FoundAt: { } found } view || at - found < Told)
            return;
        // What was told is the beginning now.
        var most = Math.Max(view.OffsetMost, view.CurrentLeast);
        var least = Math.Min(view.CurrentLeast, most);
        former = null;
        View = view with
        {
            Since = at,
            OffsetLeast = least,
            OffsetMost = most,
            CurrentLeast = least,
            MissingAtLeast = 0,
            MissingAtMost = view.CurrentMost - least,
            SurplusAtLeast = 0,
            EarlierMissing = 0,
            FoundAt = null,
            Reason = null,
        };
    }

    // In the first rounds the beginning is known better with each.
    TrailCompleteness WithBegin(TrailCompleteness view, CountRound round)
    {
        if (++rounds >= RoundsToBegin || view.MissingAtLeast > 0 || view.SurplusAtLeast > 0)
            return view;
        // Above the most of an earlier round, something was lost since; and before the rounds that are remembered, anything may have been.
        var least = Math.Min(isRestored ? view.OffsetLeast : last.Least, last.LeastMost!.Value);
        return view with { OffsetLeast = least, Since = least > view.OffsetLeast ? round.At : view.Since };
    }

    // Losses of before stay told. What was made and not counted between the two counts nobody can know.
    TrailCompleteness Begin(CountRound round)
    {
        // Of a sum nobody can say which part of it restarted.
        former = View is { } before && name != CompletenessView.All ? FormerCount.Of(before, former, round) : null;
        (rounds, isRestored) = (0, false);
        last.Clear();
        last.Add(round.Offset);
        var lossy = View is { MissingAtLeast: > 0 } or { EarlierMissing: > 0 } ? View : null;
        return new TrailCompleteness
        {
            Name = name,
            Since = round.At,
            LastAt = round.At,
            Server = round.Server,
            Agent = round.Agent,
            Events = round.MadeAfter,
            OffsetLeast = round.Offset.Least,
            OffsetMost = round.Offset.Most,
            CurrentLeast = round.Offset.Least,
            CurrentMost = round.Offset.Most,
            MissingAtMost = round.Offset.Width,
            EarlierMissing = lossy is null ? 0 : lossy.EarlierMissing + lossy.MissingAtLeast,
            FoundAt = lossy?.FoundAt,
            Reason = lossy?.Reason,
        }.With(round.Causes);
    }

    TrailCompleteness Count(TrailCompleteness view, CountRound round)
    {
        var isSure = last.AreEnough;
        // One round that contradicts what is known proves nothing: lines may have been added.
        var contradicts = view.MissingAtLeast > 0 || round.Offset.Most < view.OffsetLeast;
        var most = contradicts ? view.OffsetMost : Math.Min(view.OffsetMost, round.Offset.Most);
        // Lines that somebody added must not pay for those that are deleted later: then the beginning is lower, by what is believed.
        most = isSure ? Math.Min(most, last.BelievedMost) : most;
        // It stays for its day, as a loss does.
        var surplus = isSure ? Math.Max(view.SurplusAtLeast, view.OffsetLeast - last.BelievedMost) : view.SurplusAtLeast;
        // They do not take back what was missing before, either.
        var kept = most < Math.Min(view.OffsetLeast, view.OffsetMost) ? view.MissingAtLeast : 0;
        var least = CurrentLeast(view, round);
        var missing = Math.Max(0, least - most);
        var isNews = missing + kept > view.MissingAtLeast || surplus > view.SurplusAtLeast;
        var isOver = missing + kept + view.EarlierMissing + surplus == 0;
        // From now on only rounds after the loss can show that it was none.
        if (missing > view.MissingAtLeast)
            last.ForgetBelow(least);
        var next = view with
        {
            LastAt = round.At,
            Events = round.MadeAfter,
            OffsetMost = most,
            CurrentLeast = least,
            CurrentMost = round.Offset.Most,
            MissingAtLeast = missing,
            MissingAtMost = Math.Max(missing, round.Offset.Most - view.OffsetLeast + surplus),
            SurplusAtLeast = surplus,
            EarlierMissing = view.EarlierMissing + kept,
            FoundAt = isNews ? round.At : isOver ? null : view.FoundAt,
            Reason = isNews ? LossReason.Of(round.Causes, view.Causes(), missing + kept) : isOver ? null : view.Reason,
        };
        return next.With(isNews ? round.Causes : LossReason.Fallen(view.Causes() ?? round.Causes, round.Causes));
    }

    long CurrentLeast(TrailCompleteness view, CountRound round)
    {
        var known = view.MissingAtLeast == 0 ? Math.Min(view.CurrentLeast, round.Offset.Most) : view.CurrentLeast;
        if (view.MissingAtLeast > 0 && last.AreEnough && last.BelievedMost < view.CurrentLeast)
        {
            // More rounds found the agent late than should. What it has read by now was not missing, and what they said is worth nothing.
            known = Math.Min(view.OffsetLeast, last.BelievedMost);
            last.ForgetLate();
        }

        return Math.Max(known, last.BelievedLeast ?? known);
    }

    // With the first rounds after a restart what was made before it shows to have been read, or not.
    TrailCompleteness WithEarlier(TrailCompleteness view, CountRound round)
    {
        if (rounds >= RoundsToBegin || view.SurplusAtLeast > 0)
            former = null;
        if (former is not { } before || !last.AreEnough)
            return view;
        var earlier = before.MissingWith(view.OffsetLeast);
        var isNews = earlier > view.EarlierMissing;
        var isOver = earlier + view.MissingAtLeast == 0;
        return view with
        {
            EarlierMissing = earlier,
            FoundAt = isNews ? round.At : isOver ? null : view.FoundAt,
            Reason = isNews ? before.Reason : isOver ? null : view.Reason,
        };
    }
}
