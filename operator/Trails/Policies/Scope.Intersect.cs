using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Trails.Policies;

static partial class Scope
{
    /// <summary>
    /// All that both match, and hardly more: of two lists of groups, of which a user may be in both, the first is kept. Null if no request
    /// matches both.
    /// </summary>
    internal static SelectorRule? Intersect(SelectorRule one, SelectorRule other)
    {
        if (!MayMeet(one, other))
            return null;
        var resources = Common(one.Resources, other.Resources, Common);
        return resources.Count == 0 && one.Resources.Count + other.Resources.Count > 0 ? null : one with
        {
            Users = Common(one.Users, other.Users),
            UserGroups = one.UserGroups.Count > 0 ? one.UserGroups : other.UserGroups,
            Verbs = Common(one.Verbs, other.Verbs),
            Namespaces = Common(one.Namespaces, other.Namespaces),
            Resources = resources,
            NonResourceURLs = Common(one.NonResourceURLs, other.NonResourceURLs, (mine, theirs) =>
                UrlCovers(mine, theirs) ? theirs : UrlCovers(theirs, mine) ? mine : null),
        };
    }

    static GroupResources? Common(GroupResources one, GroupResources other)
    {
        if (!MayMeet(one, other))
            return null;
        var resources = Common(one.Resources, other.Resources, CommonResource);
        return resources.Count == 0 && one.Resources.Count + other.Resources.Count > 0 ? null : new()
        {
            Group = one.Group == "*" ? other.Group : one.Group,
            Resources = resources,
            ResourceNames = Common(one.ResourceNames, other.ResourceNames),
        };
    }

    static string? CommonResource(string one, string other) =>
        ResourceCovers(one, other) ? other
        : ResourceCovers(other, one) ? one
        : CommonSubresource(one, other) ?? CommonSubresource(other, one);

    // "*/log" meets "pods/log" and "pods/*" in pods/log.
    static string? CommonSubresource(string ofAny, string other)
    {
        if (!ofAny.StartsWith("*/", StringComparison.Ordinal) || ofAny == "*/*" || other.StartsWith('*'))
            return null;
        var (subresource, resource) = (ofAny[2..], other.Split('/')[0]);
        return other == $"{resource}/*" || other == $"{resource}/{subresource}" ? $"{resource}/{subresource}" : null;
    }

    static IReadOnlyList<string> Common(IReadOnlyList<string> one, IReadOnlyList<string> other) =>
        Common(one, other, (mine, theirs) => mine == theirs ? mine : null);

    // An empty list is about everything.
    static IReadOnlyList<T> Common<T>(IReadOnlyList<T> one, IReadOnlyList<T> other, Func<T, T, T?> common) where T : class =>
        one.Count == 0 ? other
        : other.Count == 0 ? one
        : [.. one.SelectMany(mine => other.Select(theirs => common(mine, theirs))).OfType<T>().Distinct()];
}
