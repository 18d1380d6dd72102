using System.Text;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Policies;

namespace ClusterTrail.Operator.Judging;

/// <summary>What of the selectors an audit policy does not give, and the smallest change of it. Pure.</summary>
static class PolicyShortfalls
{
    const int MostGroups = 5;
    const int MostKinds = 8;
    const int MostRules = 5;
    const string SelectorsFile = "selectors.json";

    const string OfTheCloud =
        "The cloud decides about its audit policy, which cannot be changed: lower the level of these rules, and leave out conditions on "
            + "bodies. Recording goes on with what arrives.";

    const string OfLargeEvents =
        "Let API servers write larger events: --audit-log-truncate-max-event-size and --audit-log-truncate-max-batch-size, or "
            + "--audit-webhook-truncate-max-event-size and --audit-webhook-truncate-max-batch-size.";

    /// <param name="view">The Trail.</param>
    /// <param name="policies">What each agent reports.</param>
    /// <param name="type">The condition's.</param>
    public static Verdict Judge(TrailView view, IReadOnlyList<(string Node, PolicyStatus Policy)> policies, string type)
    {
        var trail = view.Trail;
        var all = policies.SelectMany(one => one.Policy.Shortfalls.Select(shortfall => (one.Node, Shortfall: shortfall))).ToList();
        // Not what is most frequent: the order would change with each poll.
        var groups = all.GroupBy(one => one.Shortfall with { Verb = "", Group = "", Resource = "", Events = 0 })
            .OrderBy(group => group.Key.RuleSet != trail.Metadata.Name).ThenByDescending(group => group.Key.Undecided)
            .ThenBy(group => group.Key.RuleSet, StringComparer.Ordinal).ThenBy(group => group.Key.Rule).ThenBy(group => group.Key.Asked)
            .ThenBy(group => group.Key.Arrives).ThenBy(group => group.Key.Cut).ToList();
        var sentences = groups.Take(MostGroups).Select(group => Describe(trail, group.Key, [.. group], policies.Count));
        var more = groups.Count > MostGroups ? " There is more, see selectors.policy in /status of the agents." : "";
        var reason = IsOfCloud(trail) ? "CloudPolicy" : groups.Any(group => group.Key.Undecided) ? "RulesUndecided" : "LevelTooLow";
        var remedy = IsOfCloud(trail) ? OfTheCloud : Remedy(view, [.. all.Select(one => one.Shortfall)]);
        var who = groups.All(group => group.Key.Cut) ? "API servers record" : "The audit policy records";
        return new(
            type, false, reason, $"{who} less than selectors ask for. {string.Join(' ', sentences)}{more} {remedy}");
    }

    static bool IsOfCloud(Trail trail) => trail.Spec.Sources.ApiServer is
    { Type: ApiServerSourceType.EventHubs }
        or { Type: ApiServerSourceType.Bucket, Bucket.Format: not FeedFormat.Audit };

    static string Describe(Trail trail, PolicyShortfall rule, IReadOnlyList<(string Node, PolicyShortfall Shortfall)> all, int agents)
    {
        var kinds = Kinds(all.Select(one => one.Shortfall));
        var where = Where([.. all.Select(one => one.Node).Distinct().Order(StringComparer.Ordinal)], agents);
        return rule.Cut
            ? $"{Name(trail, rule)} cannot evaluate its conditions on {kinds}: API servers cut the bodies out of large events{where}, so "
                + "it does not match."
            : rule.Undecided
            ? $"{Name(trail, rule)} cannot evaluate its conditions on {kinds}: they need {rule.Asked}, and {rule.Arrives} arrives{where}, "
                + "so it does not match."
            : $"{Name(trail, rule)} asks for {rule.Asked} of {kinds}, and {rule.Arrives} arrives{where}.";
    }

    static string Name(Trail trail, PolicyShortfall rule) => rule.RuleSet == trail.Metadata.Name
        ? $"spec.selectors[{rule.Rule}]"
        : $"spec.rules[{rule.Rule}] of TrailSelector {rule.RuleSet}";

    // "create, update configmaps; patch deployments.apps".
    static string Kinds(IEnumerable<PolicyShortfall> all)
    {
        var kinds =
            (from one in all
             group one.Verb by one.Group.Length > 0 ? $"{one.Resource}.{one.Group}" : one.Resource into resource
             orderby resource.Key
             select $"{string.Join(", ", resource.Distinct().Order(StringComparer.Ordinal))} {resource.Key}").ToList();
        return string.Join("; ", kinds.Take(MostKinds)) + (kinds.Count > MostKinds ? $"; and {kinds.Count - MostKinds} more" : "");
    }

    // API servers may have different policies.
    static string Where(IReadOnlyList<string> nodes, int agents) =>
        nodes.Count == agents ? "" : $" on {string.Join(", ", nodes.Take(3))}{(nodes.Count > 3 ? $" and {nodes.Count - 3} more" : "")}";

    static string Remedy(TrailView view, IReadOnlyList<PolicyShortfall> shortfalls)
    {
        var ofPolicy = shortfalls.Where(one => !one.Cut).ToList();
        return ofPolicy.Count == shortfalls.Count ? RemedyOfPolicy(view, shortfalls)
            : ofPolicy.Count == 0 ? OfLargeEvents
            : $"{RemedyOfPolicy(view, ofPolicy)} . {OfLargeEvents}";
    }

    static string RemedyOfPolicy(TrailView view, IReadOnlyList<PolicyShortfall> shortfalls)
    {
        var change = Change(view, shortfalls);
        var secret = change.LogsSecrets ? " This writes bodies of Secrets or tokens into the log on the control-plane nodes." : "";
        return change.Rules.Count is > 0 and <= MostRules
            ? "To change that, put this before the rules of the API server's audit policy: "
                + $"{string.Join(' ', change.Rules.Select(one => PolicyText.OneLine(one.Rule)))} .{secret} A whole policy: {Command(view)}"
            : $"A policy that is sufficient: {Command(view)}";
    }

    // Labels of namespaces may decide which TrailSelectors are part of a Trail, and those of other Trails are skipped without them.
    static string Command(TrailView view)
    {
        var objects = view.AttachedSelectors > 0 ? "trails,trailselectors,namespaces -A" : $"trail {view.Trail.Metadata.Name}";
        return $"kubectl get {objects} -o yaml | kubectl trail policy -f -";
    }

    // What is not known could be taken away by it.
    static AuditPolicy Change(TrailView view, IEnumerable<PolicyShortfall> shortfalls) =>
        view is { SelectorsJson: { } selectors, Rules: { } detections }
            ? PolicyChange.Of(
                Contracts.ParseSelectors(SelectorsFile, Encoding.UTF8.GetBytes(selectors)).RuleSets,
                [.. shortfalls.Select(Lacking).Distinct()],
                detections)
            : new([], [], []);

    static Lacking Lacking(PolicyShortfall one) => new(one.RuleSet, one.Rule, one.Verb, one.Group, one.Resource, one.Asked);
}
