using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Trails.Policies;

/// <summary>What detections need to see, as rules among those that selectors ask for.</summary>
/// <remarks>
/// Guarantees: the bodies of Secrets are not requested.
/// Each need is before every rule that would give less, as far as both match the same requests: so it costs no more than it needs.
/// </remarks>
public sealed class DetectionNeeds
{
    const string Name = "detections";

    static readonly SelectorRule Secrets = new()
    {
        Level = SelectorLevel.Metadata,
        Resources = [new() { Resources = ["secrets", "secrets/*"] }],
    };

    readonly IReadOnlyList<RequestedRule> requested;

    DetectionNeeds(IReadOnlyList<Need> needs, IReadOnlyList<string> notes) =>
        (requested, Notes) = ([.. needs.SelectMany(RulesOf).OrderByDescending(IsOfSecretsFirst)], notes);

    /// <summary>What cannot be given, a sentence each.</summary>
    internal IReadOnlyList<string> Notes { get; }

    public static DetectionNeeds Of(IEnumerable<DetectionRule> detections) => Of(AllOf(detections).ToList());

    /// <summary>What they need of some requests.</summary>
    internal static DetectionNeeds Of(IEnumerable<DetectionRule> detections, IReadOnlyList<SelectorRule> scopes) => Of(
        (from need in AllOf(detections)
         from scope in scopes
         let both = Scope.Intersect(need.Rule, scope)
         where both is not null
         select need with { Rule = both }).ToList());

    // Of processes the API server records nothing.
    static IEnumerable<Need> AllOf(IEnumerable<DetectionRule> detections) =>
        detections.Where(rule => rule.Source == RuleSource.Audit).SelectMany(Need.Of);

    static DetectionNeeds Of(List<Need> needs) => new(MergedNeeds.Of(needs.SelectMany(WithoutBodiesOfSecrets)), [.. Note(needs)]);

    /// <summary>What selectors ask for, and what detections need beyond that.</summary>
    internal IReadOnlyList<RequestedRule> Among(IReadOnlyList<RequestedRule> ofSelectors)
    {
        var (all, rest) = (new List<RequestedRule>(), requested.ToList());
        foreach (var rule in ofSelectors)
        {
            all.AddRange(rest.Where(need => GivesLess(rule, need)).Select(need => Within(need, rule.Rule)).OfType<RequestedRule>());
            all.Add(rule);
            // None of its requests comes further than this rule.
            rest.RemoveAll(need => Scope.Covers(rule.Rule, need.Rule));
        }

        return [.. all, .. rest];
    }

    // Than the whole need: what it says of Secrets goes where the rest of it goes.
    static bool GivesLess(RequestedRule rule, RequestedRule need) =>
        rule.Level < need.Set.Rules.Max(one => one.Level) || rule.OmitStages.Except(need.OmitStages).Any();

    static RequestedRule? Within(RequestedRule need, SelectorRule rule) =>
        Scope.Intersect(need.Rule, rule) is { } both ? need with { Rule = both } : null;

    static bool IsOfSecretsFirst(RequestedRule one) => one.Set.Rules.Count > 1 && one.Rule == one.Set.Rules[0];

    // Each need is a set of its own, since the highest level of all wins; Secrets first, where it may be about them.
    static IEnumerable<RequestedRule> RulesOf(Need need)
    {
        var ofSecrets = need.Rule.Level > SelectorLevel.Metadata ? Scope.Intersect(need.Rule, Secrets) : null;
        var rules = ofSecrets is null ? new[] { need.Rule } : [ofSecrets with { Level = SelectorLevel.Metadata }, need.Rule];
        var set = new RuleSet { Name = Name, OmitStages = need.Rule.OmitStages, Rules = rules };
        return rules.Select(rule => new RequestedRule(set, rule) { For = need.For });
    }

    static IEnumerable<Need> WithoutBodiesOfSecrets(Need need)
    {
        if (need.Rule.Level == SelectorLevel.Metadata || !need.Rule.Resources.Any(IsOfSecrets))
            return [need];
        var ofSecrets = need with { Rule = Scope.Intersect(need.Rule, Secrets)! with { Level = SelectorLevel.Metadata } };
        var others = need.Rule.Resources
            .Select(one => one with { Resources = [.. one.Resources.Where(name => !IsOfSecrets(one) || !IsSecrets(name))] })
            .Where((one, at) => one.Resources.Count > 0 || need.Rule.Resources[at].Resources.Count == 0)
            .ToList();
        return others.Count == 0 ? [ofSecrets] : [ofSecrets, need with { Rule = need.Rule with { Resources = others } }];
    }

    static bool IsOfSecrets(GroupResources resources) => resources.Group == "" && resources.Resources.Any(IsSecrets);

    static bool IsSecrets(string resource) => resource.Split('/')[0] == "secrets";

    static IEnumerable<string> Note(IEnumerable<Need> needs) =>
        from need in needs
        where need.Rule.Level > SelectorLevel.Metadata && need.Rule.Resources.Any(IsOfSecrets)
        from name in need.For.Distinct()
        group name by name into names
        select $"{names.Key} evaluates the bodies of Secrets, which this policy does not record: it cannot fire for Secrets, "
            + "unless a selector asks for their bodies.";
}
