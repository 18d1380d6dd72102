using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Trails.Policies;

/// <summary>An audit policy that gives rule sets what they select.</summary>
/// <remarks>
/// Guarantee: the policy's level is never below what a set requests, nor below what a rule that records needs for its conditions on fields.
/// Caveat: it may be above, where a policy cannot express what is requested; <see cref="PolicyRule.Reasons"/> say where.
/// </remarks>
/// <param name="Notes">What an admin should know of it, a sentence each.</param>
public sealed record AuditPolicy(IReadOnlyList<AuditStage> OmitStages, IReadOnlyList<PolicyRule> Rules, IReadOnlyList<string> Notes)
{
    /// <summary>Whether it makes kube-apiserver write what is secret into its log.</summary>
    public bool LogsSecrets => LoggedBodies.Warning(Rules).Any();

    public static AuditPolicy Of(IReadOnlyList<RuleSet> sets, DetectionNeeds? detections = null)
    {
        // Rules of one namespace first: they are the narrower ones, and raising them costs less.
        var ofSelectors = sets.OrderBy(set => set.Namespace is null).SelectMany(RequestedRule.Of).ToList();
        var requested = detections?.Among(ofSelectors) ?? ofSelectors;
        var omitted = Common(requested.Select(rule => rule.Set).Concat(sets).Distinct().Select(set => set.OmitStages));
        var rules = WithoutShadowed(requested.Select((rule, at) => Build(rule, requested, at, omitted)));
        // Of detections alone: what selectors ask for stays as it was written.
        var kept = WithoutRedundant(rules, rule => rule.For.Count > 0);
        return new(omitted, kept, [.. LoggedBodies.Warning(kept), .. Counting(sets), .. detections?.Notes ?? []]);
    }

    static IEnumerable<string> Counting(IEnumerable<RuleSet> sets) =>
        from set in sets
        let rules = set.Rules.Select((rule, at) => rule.Aggregate ? $"rules[{at}]" : null).OfType<string>().ToList()
        where rules.Count > 0
        select $"{set.Name}: {string.Join(", ", rules)} {(rules.Count == 1 ? "aggregates" : "aggregate")}: the agent counts these events, and "
            + "the API server must log each of them.";

    static PolicyRule Build(RequestedRule self, IReadOnlyList<RequestedRule> requested, int at, IReadOnlyList<AuditStage> omitted)
    {
        var deciding = requested.Skip(at).GroupBy(rule => rule.Set).SelectMany(rules => Deciding(self, rules, requested.Take(at))).ToList();
        var recording = deciding.Where(rule => rule.Level > SelectorLevel.None).ToList();
        var level = recording.Select(rule => rule.Level).DefaultIfEmpty(SelectorLevel.None).Max();
        var stages = Common(recording.Select(rule => rule.OmitStages)).Except(omitted);
        return new(self.Set.Name, self.Rule with { Level = level, Fields = [], OmitStages = [.. stages] }, self.For,
            [.. Reasons(self, level, recording)]);
    }

    // Of each set, the rules that may be the first to match a request that comes as far as this rule.
    static IEnumerable<RequestedRule> Deciding(RequestedRule self, IEnumerable<RequestedRule> rules, IEnumerable<RequestedRule> earlier)
    {
        var catching = earlier.ToList();
        foreach (var rule in rules.Where(rule =>
            rule == self || (Scope.MayMeet(rule.Rule, self.Rule) && !IsCaught(self.Rule, rule.Rule, catching))))
        {
            yield return rule;
            if (!rule.IsConditional && Scope.Covers(rule.Rule, self.Rule))
                yield break;
            if (!rule.IsConditional)
                catching.Add(rule);
        }
    }

    // Whether all requests that match both have matched another rule before.
    static bool IsCaught(SelectorRule one, SelectorRule other, IReadOnlyList<RequestedRule> before) =>
        Scope.Intersect(one, other) is not { } both
        || Scope.Intersect(other, one) is not { } same
        || before.Any(rule => Scope.Covers(rule.Rule, both) || Scope.Covers(rule.Rule, same));

    static IEnumerable<string> Reasons(RequestedRule self, SelectorLevel level, IReadOnlyList<RequestedRule> recording)
    {
        if (self.IsConditional)
            yield return "without the rule's conditions on fields, which a policy cannot express";
        if (self.Level > self.Rule.Level)
            yield return $"{self.Level} and not {self.Rule.Level}, since its conditions look into a body";
        if (level > self.Level)
            yield return $"{level} and not {self.Level}, since a rule of {recording.First(rule => rule.Level == level).Set.Name} may ask "
                + "for it";
    }

    // A rule is never reached behind one that matches all that it matches.
    static List<PolicyRule> WithoutShadowed(IEnumerable<PolicyRule> rules)
    {
        var kept = new List<PolicyRule>();
        foreach (var rule in rules.Where(rule => !kept.Any(earlier => Scope.Covers(earlier.Rule, rule.Rule))))
            kept.Add(rule);
        return kept;
    }

    /// <summary>Without those that may go and after which the others give the same.</summary>
    internal static IReadOnlyList<PolicyRule> WithoutRedundant(IEnumerable<PolicyRule> rules, Func<PolicyRule, bool> mayGo)
    {
        var kept = new List<PolicyRule>();
        foreach (var rule in rules.Reverse().Where(rule => !mayGo(rule) || !IsRedundant(rule.Rule, kept)))
            kept.Insert(0, rule);
        return kept;
    }

    static bool IsRedundant(SelectorRule rule, List<PolicyRule> after)
    {
        foreach (var next in after.Select(next => next.Rule).Where(next => Scope.Intersect(rule, next) is not null))
        {
            if (next.Level != rule.Level || !next.OmitStages.ToHashSet().SetEquals(rule.OmitStages))
                return false;
            if (Scope.Covers(next, rule))
                return true;
        }

        return false;
    }

    static IReadOnlyList<AuditStage> Common(IEnumerable<IReadOnlyList<AuditStage>> all) =>
        [.. all.Aggregate((IEnumerable<AuditStage>?)null, (common, stages) => common?.Intersect(stages) ?? stages) ?? []];
}
