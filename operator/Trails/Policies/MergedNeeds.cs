using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Trails.Policies;

/// <summary>Says the same needs with fewer rules: what is in another need goes, and equal ones become one.</summary>
static class MergedNeeds
{
    internal static IReadOnlyList<Need> Of(IEnumerable<Need> needs) =>
    [
        .. JoinResources(WithoutContained(JoinVerbs(needs.SelectMany(OneResourceEach))))
            .OrderByDescending(need => need.Rule.Level)
            .ThenBy(need => Key(need.Rule), StringComparer.Ordinal),
    ];

    static IEnumerable<Need> OneResourceEach(Need need) =>
        need.Rule.Resources.Count == 0 ? [need]
        : from ofGroup in need.Rule.Resources
          from one in ofGroup.Resources.Count == 0
              ? [ofGroup]
              : ofGroup.Resources.Select(resource => ofGroup with { Resources = [resource] })
          select need with { Rule = need.Rule with { Resources = [one] } };

    static IEnumerable<Need> JoinVerbs(IEnumerable<Need> needs) =>
        needs.GroupBy(need => Key(need.Rule with { Verbs = [] })).Select(alike => new Need(
            alike.First().Rule with
            {
                Verbs = alike.Any(need => need.Rule.Verbs.Count == 0) ? [] : Texts(alike.SelectMany(need => need.Rule.Verbs)),
            },
            Texts(alike.SelectMany(need => need.For))));

    static List<Need> WithoutContained(IEnumerable<Need> needs)
    {
        var rest = needs.ToList();
        for (var at = rest.Count - 1; at >= 0; at--)
        {
            var need = rest[at];
            rest.RemoveAt(at);
            if (rest.FindIndex(need.IsIn) is >= 0 and var container)
                rest[container] = rest[container].AlsoFor(need);
            else if (WithoutVerbsIn(rest, need) is { } left)
                rest.Insert(at, left);
        }

        return rest;
    }

    // Null if every verb is in another need.
    static Need? WithoutVerbsIn(IReadOnlyList<Need> others, Need need)
    {
        var verbs = need.Rule.Verbs.Where(verb => !others.Any((need with { Rule = need.Rule with { Verbs = [verb] } }).IsIn)).ToList();
        return need.Rule.Verbs.Count > 0 && verbs.Count == 0 ? null : need with { Rule = need.Rule with { Verbs = verbs } };
    }

    static IEnumerable<Need> JoinResources(IEnumerable<Need> needs) =>
        from need in needs
        group need by (Key(need.Rule with { Resources = [] }), string.Join(',', need.Rule.Resources.SelectMany(one => one.ResourceNames)),
            need.Rule.Resources.Count == 0 || need.Rule.Resources[0].Resources.Count == 0) into alike
        select new Need(alike.First().Rule with { Resources = [.. ByGroup(alike.SelectMany(need => need.Rule.Resources))] },
            Texts(alike.SelectMany(need => need.For)));

    static IEnumerable<GroupResources> ByGroup(IEnumerable<GroupResources> resources) =>
        from one in resources
        group one by one.Group into ofGroup
        orderby ofGroup.Key
        select ofGroup.First() with { Resources = Texts(ofGroup.SelectMany(one => one.Resources)) };

    static IReadOnlyList<string> Texts(IEnumerable<string> texts) => [.. texts.Distinct().Order(StringComparer.Ordinal)];

    // Rules that say the same have the same key.
    static string Key(SelectorRule rule) => string.Join('|',
        rule.Level, Key(rule.Users), Key(rule.UserGroups), Key(rule.Verbs), Key(rule.Namespaces), Key(rule.NonResourceURLs),
        Key(rule.OmitStages.Select(stage => $"{stage}")),
        Key(rule.Resources.Select(one => $"{one.Group}:{Key(one.Resources)}:{Key(one.ResourceNames)}")));

    static string Key(IEnumerable<string> texts) => string.Join(',', texts.Order(StringComparer.Ordinal));
}
