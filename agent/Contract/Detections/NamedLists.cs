namespace ClusterTrail.Contract.Detections;

/// <summary>Named lists of texts, and what rules say with them: <c>$name</c> stands for the items of a list.</summary>
public sealed class NamedLists(IReadOnlyDictionary<string, IReadOnlyList<string>> lists)
{
    // What no field of an event can be: a part whose lists are empty matches nothing, and not everything as an empty part does.
    const string NoText = "\0";

    /// <summary>All lists; those of the same name become one.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Union(
        IEnumerable<IReadOnlyDictionary<string, IReadOnlyList<string>>> all) =>
        all.SelectMany(lists => lists)
            .GroupBy(list => list.Key, StringComparer.Ordinal)
            .ToDictionary(
                lists => lists.Key, IReadOnlyList<string> (lists) => [.. lists.SelectMany(list => list.Value).Distinct()],
                StringComparer.Ordinal);

    /// <summary>The name of the list that an item stands for; null when it stands for itself.</summary>
    public static string? NameIn(string item) =>
        item.StartsWith('$') && !item.StartsWith("$$", StringComparison.Ordinal) ? item[1..] : null;

    /// <summary>The rule with texts in place of names.</summary>
    public DetectionRule Expand(DetectionRule rule) => rule with
    {
        Match = Expand(rule.Match),
        Exceptions = new()
        {
            Users = Items(rule.Exceptions.Users),
            UserGroups = Items(rule.Exceptions.UserGroups),
            Namespaces = Items(rule.Exceptions.Namespaces),
            Images = Items(rule.Exceptions.Images),
        },
    };

    Match Expand(Match match) => match with
    {
        Users = Part(match.Users),
        UserGroups = Part(match.UserGroups),
        Namespaces = Part(match.Namespaces),
        Resources = [.. match.Resources.Select(resources => resources with { ResourceNames = Part(resources.ResourceNames) })],
        Fields = [.. match.Fields.Select(Expand)],
        Any = [.. match.Any.Select(Expand)],
        All = [.. match.All.Select(Expand)],
        None = [.. match.None.Select(Expand)],
    };

    MatchCondition Expand(MatchCondition condition) => condition with
    {
        Values = Part(condition.Values),
        Where = [.. condition.Where.Select(Expand)],
    };

    IReadOnlyList<string> Part(IReadOnlyList<string> items)
    {
        var expanded = Items(items);
        return items.Count > 0 && expanded.Count == 0 ? [NoText] : expanded;
    }

    IReadOnlyList<string> Items(IReadOnlyList<string> items) => [.. items.SelectMany(Expand)];

    IEnumerable<string> Expand(string item) =>
        NameIn(item) is { } name ? lists.GetValueOrDefault(name, [])
        : item.StartsWith('$') ? [item[1..]]
        : [item];
}
