using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;

namespace ClusterTrail.Rules.Detections;

/// <summary>A match made ready: a tree of requests and conditions, in a logic that knows "not evaluable" (Kleene's).</summary>
sealed partial class Matcher(Match match)
{
    readonly RequestPattern request = new(
        match.Users, match.UserGroups, match.Verbs, match.Resources, match.Namespaces, match.NonResourceURLs);
    // Bodies last: most events are told apart without.
    readonly (Condition Condition, int Place)[] conditions =
        [.. match.Fields.Select((field, place) => (Condition: Condition.Of(field), place)).OrderBy(field => field.Condition.NeedsBody)];
    readonly Matcher[] any = [.. match.Any.Select(one => new Matcher(one))];
    readonly Matcher[] all = [.. match.All.Select(one => new Matcher(one))];
    readonly Matcher[] none = [.. match.None.Select(one => new Matcher(one))];

    /// <summary>
    /// The level that an event must have, at least, to be judged by what is in its bodies; Metadata when the match looks into none.
    /// </summary>
    // All parts must be told, and of any the one that needs least.
    public AuditLevel BodyLevel =>
        conditions.Select(one => one.Condition.BodyLevel)
            .Concat(all.Concat(none).Select(one => one.BodyLevel))
            .Append(any.Select(one => one.BodyLevel).DefaultIfEmpty(AuditLevel.Metadata).Min())
            .Max();

    public Outcome Test(in AuditEvent audit) => IsOfRequest(audit) ? TestFields(audit) : Outcome.No;

    /// <summary>Whether the match itself is about who asked for what.</summary>
    public bool IsOfRequest(in AuditEvent audit) => request.Matches(audit);

    /// <summary>The rest of the match, of an event of such a request.</summary>
    public Outcome TestFields(in AuditEvent audit)
    {
        var outcome = TestConditions(audit);
        outcome = outcome == Outcome.No ? outcome : And(outcome, Least(all, audit));
        outcome = outcome == Outcome.No || any.Length == 0 ? outcome : And(outcome, Greatest(any, audit));
        return outcome == Outcome.No ? outcome : And(outcome, Not(Greatest(none, audit)));
    }

    /// <summary>Whether the event is of a request that the match is about, whatever its fields say.</summary>
    public bool Concerns(in AuditEvent audit)
    {
        var concerns = any.Length == 0;
        foreach (var matcher in any)
        {
            concerns |= matcher.Concerns(audit);
        }

        foreach (var matcher in all)
        {
            concerns &= matcher.Concerns(audit);
        }

        return concerns && request.Matches(audit);
    }

    public static Outcome And(Outcome one, Outcome other) => one < other ? one : other;

    public static Outcome Not(Outcome outcome) => (Outcome)(Outcome.Yes - outcome);

    // One that says no ends it, whatever those before could not tell.
    Outcome TestConditions(in AuditEvent audit)
    {
        var least = Outcome.Yes;
        foreach (var (condition, _) in conditions)
        {
            least = And(least, condition.Test(audit));
            if (least == Outcome.No)
            {
                break;
            }
        }

        return least;
    }

    static Outcome Least(Matcher[] matchers, in AuditEvent audit)
    {
        var least = Outcome.Yes;
        foreach (var matcher in matchers)
        {
            least = And(least, matcher.Test(audit));
            if (least == Outcome.No)
            {
                break;
            }
        }

        return least;
    }

    static Outcome Greatest(Matcher[] matchers, in AuditEvent audit)
    {
        var greatest = Outcome.No;
        foreach (var matcher in matchers)
        {
            var outcome = matcher.Test(audit);
            greatest = outcome > greatest ? outcome : greatest;
            if (greatest == Outcome.Yes)
            {
                break;
            }
        }

        return greatest;
    }
}
