using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Trails.Policies;

/// <summary>The smallest change of an audit policy that gives rules what they lack: what to put before its rules.</summary>
/// <remarks>
/// It is what <see cref="AuditPolicy"/> has for these requests, with what the rules before them exclude.
/// Caveat: of what other Trails select it knows nothing.
/// </remarks>
public static class PolicyChange
{
    /// <param name="sets">The sets of the rules that lack something; others are left out.</param>
    /// <param name="lacking">What arrives with too little.</param>
    public static AuditPolicy Of(IEnumerable<RuleSet> sets, IReadOnlyList<Lacking> lacking) =>
        AuditPolicy.Of([.. sets.Select(set => Within(set, [.. lacking.Where(one => IsOf(set, one))])).OfType<RuleSet>()]);

    static bool IsOf(RuleSet set, Lacking lacking) => lacking.RuleSet == set.Name && lacking.Rule >= 0 && lacking.Rule < set.Rules.Count;

    // A rule after the last that lacks something is not concerned.
    static RuleSet? Within(RuleSet set, IReadOnlyList<Lacking> lacking) => lacking.Count == 0 ? null : set with
    {
        Rules =
        [
            .. from requests in MergedNeeds.Of(lacking.Select(Requests))
               from rule in set.Rules.Take(lacking.Max(one => one.Rule) + 1)
               let both = Scope.Intersect(rule, requests.Rule)
               where both is not null
               select both,
        ],
    };

    static Need Requests(Lacking lacking) => new(
        new()
        {
            Level = lacking.Asked,
            Verbs = [lacking.Verb],
            Resources = [new() { Group = lacking.Group, Resources = [lacking.Resource] }],
        },
        []);
}
