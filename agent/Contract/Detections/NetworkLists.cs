using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Contract.Detections;

/// <summary>Lists that rules use with InCIDR: their items must be networks.</summary>
static class NetworkLists
{
    public static IReadOnlySet<string> Of(IEnumerable<DetectionRule> rules) => rules.SelectMany(rule => Of(rule.Match)).ToHashSet();

    static IEnumerable<string> Of(Match match) =>
        match.Fields.SelectMany(Of).Concat(new[] { match.Any, match.All, match.None }.SelectMany(all => all).SelectMany(Of));

    static IEnumerable<string> Of(MatchCondition condition) =>
        condition.Operator == FieldOperator.InCIDR
            ? condition.Values.Select(NamedLists.NameIn).OfType<string>()
            : condition.Where.SelectMany(Of);
}
