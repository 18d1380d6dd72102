using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Trails.Policies;

/// <summary>Requests that a detection may fire on, and the bodies that it looks into then.</summary>
/// <param name="Region">Which requests: at least all of them.</param>
/// <param name="Bodies">Which of <c>requestObject</c>, <c>responseObject</c> and <c>object</c>.</param>
sealed record Needed(SelectorRule Region, IReadOnlySet<string> Bodies)
{
    const int MostAlternatives = 64;

    static readonly string[] AllBodies = ["requestObject", "responseObject", "object"];

    /// <summary>One for each alternative of <c>any</c>.</summary>
    internal static IReadOnlyList<Needed> Of(Match match)
    {
        var region = RegionOf(match);
        var own = new Needed(region,
            BodiesOf(match.Fields).Concat(match.None.Where(none => Scope.MayMeet(region, RegionOf(none))).SelectMany(AllOf)).ToHashSet());
        IReadOnlyList<Needed> needed = [own];
        foreach (var one in match.All)
            needed = And(needed, Of(one));
        if (match.Any.Count > 0)
            needed = And(needed, [.. match.Any.SelectMany(Of)]);
        return needed.Count > MostAlternatives ? [own with { Bodies = AllOf(match).ToHashSet() }] : needed;
    }

    static IReadOnlyList<Needed> And(IReadOnlyList<Needed> one, IReadOnlyList<Needed> other) =>
    [
        .. from mine in one
           from theirs in other
           let both = Scope.Intersect(mine.Region, theirs.Region)
           where both is not null
           select new Needed(both, mine.Bodies.Union(theirs.Bodies).ToHashSet()),
    ];

    static SelectorRule RegionOf(Match match)
    {
        var region = new SelectorRule
        {
            Level = SelectorLevel.Metadata,
            Users = match.Users,
            UserGroups = match.UserGroups,
            Verbs = match.Verbs,
            Resources = match.Resources,
            Namespaces = match.Namespaces,
            NonResourceURLs = match.NonResourceURLs,
        };
        // All resources, and no URLs, is what a policy can say of "an object".
        return match.Fields.Any(IsOfObjects) && match.Resources.Count == 0 && match.NonResourceURLs.Count == 0
            ? region with { Resources = [new() { Group = "*" }] }
            : region;
    }

    static bool IsOfObjects(MatchCondition condition) =>
        condition is { Path: "objectRef.resource", Operator: FieldOperator.Exists, Values: [] or ["true"] };

    static IEnumerable<string> AllOf(Match match) =>
        BodiesOf(match.Fields).Concat(new[] { match.Any, match.All, match.None }.SelectMany(parts => parts).SelectMany(AllOf));

    static IEnumerable<string> BodiesOf(IEnumerable<MatchCondition> conditions) =>
        conditions.SelectMany(condition => Others(condition).Prepend(condition.Path)).Select(BodyOf).Where(AllBodies.Contains);

    // What the values at the path, or at one below it, are compared with.
    static IEnumerable<string> Others(MatchCondition condition) =>
        condition.Operator is FieldOperator.EqualsField or FieldOperator.NotEqualsField
            ? condition.Values
            : condition.Where.SelectMany(Others);

    static string BodyOf(string path) =>
        FieldPath.TryParse(path, out var parsed, out _) && parsed.Steps[0] is PathStep.Name name
            ? name.Value is "podSpec" or "container" ? "object" : name.Value
            : "";
}
