using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Kubectl.Policy;

/// <summary>An audit policy that gives rule sets what they select.</summary>
/// <remarks>
/// Guarantee: for no request is the policy's level below what a set asks for, nor below what its conditions on fields need to be decided by a
/// rule that records.
/// Caveat: it may be above, where a policy cannot say what is asked; <see cref="PolicyRule.Reasons"/> tell where.
/// </remarks>
sealed record AuditPolicy(IReadOnlyList<AuditStage> OmitStages, IReadOnlyList<PolicyRule> Rules)
{
    internal static AuditPolicy Of(IReadOnlyList<RuleSet> sets)
    {
        var omitted = Common(sets.Select(set => set.OmitStages));
        // Rules of one namespace first: they are the narrower ones, and raising them costs less.
        var asked = sets.OrderBy(set => set.Namespace is null).SelectMany(Asked.Of).ToList();
        var rules = asked.Select((_, at) => Build([.. asked.Skip(at)], omitted));
        return new(omitted, WithoutShadowed(rules));
    }

    /// <param name="asked">The rule, and all after it.</param>
    static PolicyRule Build(IReadOnlyList<Asked> asked, IReadOnlyList<AuditStage> omitted)
    {
        var self = asked[0];
        var deciding = asked.GroupBy(rule => rule.Set).SelectMany(rules => Deciding(self, rules)).ToList();
        var recording = deciding.Where(rule => rule.Level > SelectorLevel.None).ToList();
        var level = recording.Select(rule => rule.Level).DefaultIfEmpty(SelectorLevel.None).Max();
        var stages = Common(recording.Select(rule => rule.OmitStages)).Except(omitted);
        return new(self.Set.Name, self.Rule with { Level = level, Fields = [], OmitStages = [.. stages] }, [.. Reasons(self, level, recording)]);
    }

    // Of each set, the rules that may be the first to match a request that comes as far as this rule.
    static IEnumerable<Asked> Deciding(Asked self, IEnumerable<Asked> rules)
    {
        foreach (var rule in rules.Where(rule => Scope.MayMeet(rule.Rule, self.Rule)))
        {
            yield return rule;
            if (!rule.IsConditional && Scope.Covers(rule.Rule, self.Rule))
                yield break;
        }
    }

    static IEnumerable<string> Reasons(Asked self, SelectorLevel level, IReadOnlyList<Asked> recording)
    {
        if (self.IsConditional)
            yield return "without the rule's conditions on fields, which a policy cannot have";
        if (self.Level > self.Rule.Level)
            yield return $"{self.Level} and not {self.Rule.Level}, since its conditions look into a body";
        if (level > self.Level)
            yield return $"{level} and not {self.Level}, since a rule of {recording.First(rule => rule.Level == level).Set.Name} may ask for it";
    }

    // A rule is never reached behind one that matches all that it matches.
    static List<PolicyRule> WithoutShadowed(IEnumerable<PolicyRule> rules)
    {
        var kept = new List<PolicyRule>();
        foreach (var rule in rules.Where(rule => !kept.Any(earlier => Scope.Covers(earlier.Rule, rule.Rule))))
            kept.Add(rule);
        return kept;
    }

    static IReadOnlyList<AuditStage> Common(IEnumerable<IReadOnlyList<AuditStage>> all) =>
        [.. all.Aggregate((IEnumerable<AuditStage>?)null, (common, stages) => common?.Intersect(stages) ?? stages) ?? []];
}
