using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Trails.Policies;

/// <summary>The smallest change of an audit policy that gives rules what they lack: what to put before its rules.</summary>
/// <remarks>
/// It is what <see cref="AuditPolicy"/> has for these requests, of all sets and detections, up to the rules that lack something. What goes
/// first decides alone, so nothing is given less than any of them asks for, nor left out: what is excluded arrives with metadata.
/// Caveat: of what other Trails select it knows nothing.
/// </remarks>
public static class PolicyChange
{
    // Of more it would take long to see what they ask for together, and nobody would read the change.
    const int MostScopes = 32;
    const int MostRules = 64;

    /// <param name="sets">All of the Trail.</param>
    /// <param name="lacking">What arrives with too little.</param>
    /// <param name="detections">The Trail's.</param>
    /// <returns>Without rules if it would be long.</returns>
    public static AuditPolicy Of(
        IReadOnlyList<RuleSet> sets, IReadOnlyList<Lacking> lacking, IReadOnlyList<DetectionRule>? detections = null)
    {
        var concerned = Concerned(sets, lacking).ToList();
        // A list of groups is not cut to another one: a user may be in both.
        var scopes = concerned.Select(rule => rule with { UserGroups = [] }).ToList();
        var within = sets.Select(set => Within(set, scopes)).ToList();
        if (concerned.Count is 0 or > MostScopes || within.Sum(set => set.Rules.Count) > MostRules)
            return new([], [], []);
        var policy = AuditPolicy.Of(within, DetectionNeeds.Of(detections ?? [], scopes));
        var needed = policy.Rules.Take(concerned.Max(rule => Last(policy.Rules, rule)) + 1).Select(Recorded);
        return policy with { Rules = AuditPolicy.WithoutRedundant(needed, _ => true) };
    }

    // What each of the rules that lack something is about, of the requests that do.
    static IEnumerable<SelectorRule> Concerned(IReadOnlyList<RuleSet> sets, IEnumerable<Lacking> lacking) =>
        from ofRule in lacking.GroupBy(one => (one.RuleSet, one.Rule))
        let set = sets.FirstOrDefault(set => set.Name == ofRule.Key.RuleSet)
        where set is not null && ofRule.Key.Rule >= 0 && ofRule.Key.Rule < set.Rules.Count
        from requests in MergedNeeds.Of(ofRule.Select(Requests))
        from rule in RequestedRule.Of(set with { Rules = [set.Rules[ofRule.Key.Rule]] })
        let both = Scope.Intersect(rule.Rule, requests.Rule)
        where both is not null
        select both with { Fields = [] };

    static RuleSet Within(RuleSet set, IReadOnlyList<SelectorRule> scopes) => set with
    {
        Rules =
        [
            .. (from scope in scopes
                where set.Namespace is null || scope.Namespaces.Count == 0 || scope.Namespaces.Contains(set.Namespace)
                from rule in set.Rules
                let both = Scope.Intersect(rule, scope)
                where both is not null
                select both).Take(MostRules + 1),
        ],
    };

    static Need Requests(Lacking lacking) => new(
        new()
        {
            Level = SelectorLevel.Metadata,
            Verbs = [lacking.Verb],
            Resources = [new() { Group = lacking.Group, Resources = [lacking.Resource] }],
        },
        []);

    // No request of the rule comes further.
    static int Last(IReadOnlyList<PolicyRule> rules, SelectorRule concerned) =>
        rules.TakeWhile(rule => !Scope.Covers(rule.Rule, concerned)).Count();

    static PolicyRule Recorded(PolicyRule rule) =>
        rule.Rule.Level == SelectorLevel.None ? rule with { Rule = rule.Rule with { Level = SelectorLevel.Metadata } } : rule;
}
