using System.Text.Json;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Rules.Tests.Selectors;

/// <summary>Selectors about what happens in some events, and about what does not; the same for the same seed.</summary>
sealed class RandomSelectors
{
    static readonly string[] Urls = ["*", "/", "/healthz*", "/readyz", "/api*", "/apis/", "/metrics", "/api/v1/*"];
    static readonly AuditStage[] Stages = Enum.GetValues<AuditStage>();
    static readonly SelectorLevel[] Levels = Enum.GetValues<SelectorLevel>();

    readonly Random chance;
    readonly string[] users;
    readonly string[] userGroups;
    readonly string[] verbs;
    readonly string[] groups;
    readonly string[] resources;
    readonly string[] names;
    readonly string[] namespaces;
    readonly string[] urls;

    public RandomSelectors(int seed, IReadOnlyList<JsonElement> events)
    {
        chance = new(seed);
        var objects = events.Where(audit => audit.TryGetProperty("objectRef", out _)).Select(audit => audit.GetProperty("objectRef")).ToArray();
        users = [.. Texts(events.Select(audit => audit.GetProperty("user")), "username"), "nobody"];
        userGroups = [.. events.SelectMany(audit => audit.GetProperty("user").TryGetProperty("groups", out var all) ? all.EnumerateArray() : default).Select(group => group.GetString()!).Distinct(), "none"];
        verbs = [.. Texts(events, "verb"), "fly"];
        groups = [.. Texts(objects, "apiGroup"), "", "*", "example.org"];
        names = [.. Texts(objects, "name"), "", "other"];
        namespaces = [.. Texts(objects, "namespace"), "", "elsewhere"];
        urls = [.. Urls, .. Texts(events, "requestURI").Select(uri => uri.Split('?')[0])];
        var (kinds, parts) = (Texts(objects, "resource"), Texts(objects, "subresource"));
        resources = ["*", "*/*", "*/", "pods/", .. kinds, .. kinds.Select(kind => $"{kind}/*"), .. parts.Select(part => $"*/{part}"), .. kinds.SelectMany(_ => parts, (kind, part) => $"{kind}/{part}")];
    }

    public SelectorsFile File() => new() { RuleSets = [.. Enumerable.Range(0, chance.Next(1, 4)).Select(_ => Set())] };

    public RuleSet Set() => new()
    {
        Name = "set",
        Namespace = chance.Next(4) == 0 ? chance.GetItems(namespaces, 1)[0] : null,
        OmitStages = Some(Stages, 6),
        Rules = [.. Enumerable.Range(0, chance.Next(1, 8)).Select(_ => Rule())],
    };

    public SelectorRule Rule()
    {
        var rule = new SelectorRule
        {
            Level = chance.GetItems(Levels, 1)[0],
            Users = Some(users, 4),
            UserGroups = Some(userGroups, 4),
            Verbs = Some(verbs, 3),
            OmitStages = Some(Stages, 6),
        };
        rule = rule with { Aggregate = rule.Level == SelectorLevel.Metadata && chance.Next(2) == 0 };
        return chance.Next(4) == 0
            ? rule with { NonResourceURLs = Some(urls, 1) }
            : rule with { Resources = [.. Enumerable.Range(0, chance.Next(3)).Select(_ => Resources())], Namespaces = Some(namespaces, 3) };
    }

    GroupResources Resources() => new() { Group = chance.GetItems(groups, 1)[0], Resources = Some(resources, 1, 12), ResourceNames = Some(names, 3, 8) };

    // Nothing mostly, so that rules match now and then.
    T[] Some<T>(T[] values, int oneIn, int atMost = 4) => chance.Next(oneIn) == 0 ? chance.GetItems(values, chance.Next(1, atMost)) : [];

    static string[] Texts(IEnumerable<JsonElement> parents, string name) =>
        [.. parents.Select(parent => parent.TryGetProperty(name, out var text) ? text.GetString() : null).OfType<string>().Distinct()];
}
