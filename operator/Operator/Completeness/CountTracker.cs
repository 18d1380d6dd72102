using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Completeness;

/// <summary>Follows the counts of an API server and of the agent that reads its events, and proves what is missing. Pure.</summary>
/// <remarks>
/// Guarantee: what it says to be missing at least is missing, if counters are right and at most two of ten rounds find an agent late.
/// The offset of the two counts is a constant, and grows by one with each event that is not read. Each round bounds it from both sides. At
/// the first round nothing counts as missing; the least upper bound of all rounds bounds the constant, and what is proven beyond it is
/// missing. What a later round shows to have been read was late, and proves nothing.
/// </remarks>
sealed class CountTracker
{
    /// <summary>Losses are told for a day; then the comparison begins anew.</summary>
    public static readonly TimeSpan Told = TimeSpan.FromDays(1);

    // A disk may be slow once, and a counter be read a moment late: so many rounds of the last ones must show it.
    const int RoundsToBelieve = 3;
    const int LastRounds = 10;

    // So many rounds show where the counts begin.
    const int RoundsToBegin = LastRounds;

    readonly string name;
    readonly List<Bounds> last = [];
    LossCauses before;
    int rounds = RoundsToBegin;

    /// <param name="name">Whose counts they are, for people: a node, or all API servers.</param>
    /// <param name="known">What was known before the operator restarted.</param>
    public CountTracker(string name, TrailCompleteness? known) => (this.name, View) = (name, known);

    /// <summary>What is known; null before the first round.</summary>
    public TrailCompleteness? View { get; private set; }

    public void Take(CountRound round)
    {
        Remember(round.Offset);
        if (View is not { } view || view.Server != round.Server || view.Agent != round.Agent || IsOver(view, round.At))
            View = Begin(round);
        else
            View = Count(WithBegin(view, round), round);
    }

    // In the first rounds the beginning is known better with each.
    TrailCompleteness WithBegin(TrailCompleteness view, CountRound round)
    {
        if (++rounds >= RoundsToBegin || view.MissingAtLeast > 0)
            return view;
        var shown = last.Count < RoundsToBelieve ? last.Min(offset => offset.Least) : Believed(last.Select(offset => offset.Least));
        // Above the most of an earlier round, something was lost since.
        var least = Math.Min(shown, last.Min(offset => offset.Most));
        return view with { OffsetLeast = least, Since = least > view.OffsetLeast ? round.At : view.Since };
    }

    // The offset never falls: what was not read by an earlier round and is read by now was late.
    void Remember(Bounds offset)
    {
        for (var i = 0; i < last.Count; i++)
            last[i] = last[i] with { Least = Math.Min(last[i].Least, offset.Most) };
        last.Add(offset);
        if (last.Count > LastRounds)
            last.RemoveAt(0);
    }

    // Losses of before stay told, and what may have been lost between the two counts nobody can know.
    TrailCompleteness Begin(CountRound round)
    {
        (before, rounds) = (round.Causes, 0);
        last.Clear();
        last.Add(round.Offset);
        var former = View is { MissingAtLeast: > 0 } or { EarlierMissing: > 0 } && !IsOver(View, round.At) ? View : null;
        return new()
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
            EarlierMissing = former is null ? 0 : former.EarlierMissing + former.MissingAtLeast,
            FoundAt = former?.FoundAt,
            Reason = former?.Reason,
        };
    }

    TrailCompleteness Count(TrailCompleteness view, CountRound round)
    {
        // More read than made says nothing of what is missing.
        var most = Math.Max(view.OffsetLeast, Math.Min(view.OffsetMost, round.Offset.Most));
        var known = view.MissingAtLeast > 0 ? view.CurrentLeast : Math.Min(view.CurrentLeast, round.Offset.Most);
        var least = last.Count < RoundsToBelieve ? known : Math.Max(known, Believed(last.Select(offset => offset.Least)));
        var missing = Math.Max(0, least - most);
        // It stays for its day, as a loss does: what was lost afterwards would hide behind it.
        var surplus = last.Count < RoundsToBelieve
            ? view.SurplusAtLeast : Math.Max(view.SurplusAtLeast, view.OffsetLeast + Believed(last.Select(offset => -offset.Most)));
        var isNews = missing > view.MissingAtLeast || surplus > view.SurplusAtLeast;
        var next = view with
        {
            LastAt = round.At,
            Events = round.MadeAfter,
            OffsetMost = most,
            CurrentLeast = least,
            CurrentMost = round.Offset.Most,
            MissingAtLeast = missing,
            MissingAtMost = Math.Max(missing, round.Offset.Most - view.OffsetLeast),
            SurplusAtLeast = surplus,
            FoundAt = isNews ? round.At : view.FoundAt,
            Reason = isNews ? ReasonOf(round, missing) : view.Reason,
        };
        if (isNews)
            before = round.Causes;
        return next;
    }

    // What so many of them show at least.
    static long Believed(IEnumerable<long> bounds) => bounds.OrderDescending().ElementAt(RoundsToBelieve - 1);

    static bool IsOver(TrailCompleteness view, DateTimeOffset at) => view.FoundAt is { } found && at - found >= Told;

    string ReasonOf(CountRound round, long missing) =>
        missing == 0 ? CompletenessReasons.AnotherWriter
            : round.Causes.NotSent > before.NotSent ? CompletenessReasons.WebhookOverflow
            : round.Causes.NotLogged > before.NotLogged ? CompletenessReasons.LogNotWritten
            // Each agent counts its own from its start on.
            : round.Causes.Gaps > 0 && round.Causes.Gaps != before.Gaps ? CompletenessReasons.RotatedAway
            : CompletenessReasons.AnotherLog;
}
