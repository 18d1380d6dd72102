using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Trails.Policies;

/// <summary>A rule as part of its set.</summary>
/// <param name="Rule">It has the namespace that its set is bound to.</param>
sealed record RequestedRule(RuleSet Set, SelectorRule Rule)
{
    /// <summary>The detections that need it; empty for what selectors ask for.</summary>
    internal IReadOnlyList<string> For { get; init; } = [];

    /// <summary>The conditions decide what the API server cannot.</summary>
    internal bool IsConditional => Rule.Fields.Count > 0;

    /// <summary>What the rule asks for, and at least what its conditions look into.</summary>
    internal SelectorLevel Level { get; } = Rule.Fields.Select(Needed).Append(Rule.Level).Max();

    internal IReadOnlyList<AuditStage> OmitStages => [.. Rule.OmitStages.Union(Set.OmitStages)];

    /// <summary>
    /// The rules of a set that a policy must know. One that excludes by a field is not: what it would exclude is left to the rules after
    /// it.
    /// </summary>
    internal static IEnumerable<RequestedRule> Of(RuleSet set) =>
        from rule in set.Rules
        where rule.Level > SelectorLevel.None || rule.Fields.Count == 0
        where CanMatch(set, rule)
        select new RequestedRule(set, set.Namespace is { } bound ? rule with { Namespaces = [bound] } : rule);

    static bool CanMatch(RuleSet set, SelectorRule rule) =>
        set.Namespace is not { } bound
            || (rule.NonResourceURLs.Count == 0 && (rule.Namespaces.Count == 0 || rule.Namespaces.Contains(bound)));

    static SelectorLevel Needed(FieldCondition condition) =>
        condition.Operator is FieldOperator.EqualsField or FieldOperator.NotEqualsField
            ? condition.Values.Select(Needed).Append(Needed(condition.Path)).Max()
            : Needed(condition.Path);

    static SelectorLevel Needed(string field) => FieldPath.TryParse(field, out var path, out _) ? path.Steps[0] switch
    {
        PathStep.Name { Value: "requestObject" or "object" or "podSpec" or "container" } => SelectorLevel.Request,
        PathStep.Name { Value: "responseObject" } => SelectorLevel.RequestResponse,
        _ => SelectorLevel.Metadata,
    } : SelectorLevel.RequestResponse;
}
