using System.Text.Json;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Tests.Selectors;

/// <summary>The API server's audit policy in the plainest words, on documents: the judge of our selector.</summary>
static class PolicyOracle
{
    /// <summary>What all sets together ask for, at most the event's own level.</summary>
    public static AuditLevel LevelOf(SelectorsFile file, JsonElement audit)
    {
        var own = Enum.Parse<AuditLevel>(Text(audit, "level"));
        var asked = file.RuleSets.Select(set => LevelOf(set, audit)).DefaultIfEmpty(AuditLevel.None).Max();
        return asked < own ? asked : own;
    }

    static AuditLevel LevelOf(RuleSet set, JsonElement audit)
    {
        if (set.Namespace is not null && Text(audit, "objectRef", "namespace") != set.Namespace)
            return AuditLevel.None;

        var rule = set.Rules.FirstOrDefault(rule => Matches(rule, audit));
        return rule is null || rule.OmitStages.Concat(set.OmitStages).Any(stage => $"{stage}" == Text(audit, "stage"))
            ? AuditLevel.None
            : Enum.Parse<AuditLevel>(rule.Aggregate ? "Aggregate" : $"{rule.Level}");
    }

    static bool Matches(SelectorRule rule, JsonElement audit)
    {
        var isAuthenticated = Text(audit, "user", "username").Length > 0;
        var hasUser = rule.Users.Count == 0 || (isAuthenticated && rule.Users.Contains(Text(audit, "user", "username")));
        var hasGroup = rule.UserGroups.Count == 0 || (isAuthenticated && rule.UserGroups.Intersect(Groups(audit)).Any());
        var hasVerb = rule.Verbs.Count == 0 || rule.Verbs.Contains(Text(audit, "verb"));
        return hasUser && hasGroup && hasVerb && MatchesTarget(rule, audit);
    }

    static bool MatchesTarget(SelectorRule rule, JsonElement audit)
    {
        var isOfResource = Find(audit, "objectRef").ValueKind == JsonValueKind.Object;
        if (rule.Resources.Count > 0 || rule.Namespaces.Count > 0)
        {
            return isOfResource
                && (rule.Namespaces.Count == 0 || rule.Namespaces.Contains(Text(audit, "objectRef", "namespace")))
                && (rule.Resources.Count == 0 || rule.Resources.Any(resources => Matches(resources, audit)));
        }

        return rule.NonResourceURLs.Count == 0 || (!isOfResource && rule.NonResourceURLs.Any(url => MatchesUrl(url, PathOf(Text(audit, "requestURI")))));
    }

    static bool Matches(GroupResources resources, JsonElement audit)
    {
        var isOfGroup = resources.Group == "*" || resources.Group == Text(audit, "objectRef", "apiGroup");
        if (!isOfGroup || resources.Resources.Count == 0)
            return isOfGroup;

        var (resource, subresource) = (Text(audit, "objectRef", "resource"), Text(audit, "objectRef", "subresource"));
        var whole = subresource == "" ? resource : $"{resource}/{subresource}";
        var isNamed = resources.ResourceNames.Count == 0 || resources.ResourceNames.Contains(Text(audit, "objectRef", "name"));
        return isNamed && resources.Resources.Any(pattern =>
            pattern == "*" || pattern == whole || pattern == $"{resource}/*" || (subresource != "" && pattern == $"*/{subresource}"));
    }

    static bool MatchesUrl(string pattern, string path) =>
        pattern.EndsWith('*') ? path.StartsWith(pattern[..^1], StringComparison.Ordinal) : path == pattern;

    static string PathOf(string uri) => Uri.UnescapeDataString(uri.Split('?')[0]);

    static IEnumerable<string> Groups(JsonElement audit) =>
        Find(audit, "user", "groups") is { ValueKind: JsonValueKind.Array } groups ? groups.EnumerateArray().Select(group => group.GetString()!) : [];

    static string Text(JsonElement parent, params string[] path) => Find(parent, path) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    static JsonElement Find(JsonElement parent, params string[] path)
    {
        foreach (var name in path)
            parent = parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) ? child : default;

        return parent;
    }
}
