using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Trails.Policies;

/// <summary>How what two rules are about lies to each other; conditions on fields are left out.</summary>
static partial class Scope
{
    /// <summary>False only if no request matches both. Errs towards true.</summary>
    internal static bool MayMeet(SelectorRule one, SelectorRule other) =>
        MayMeet(one.Users, other.Users)
        && MayMeet(one.Verbs, other.Verbs)
        && MayMeet(one.Namespaces, other.Namespaces)
        && !(IsOfObjects(one) && IsOfUrls(other)) && !(IsOfUrls(one) && IsOfObjects(other))
        && MayMeet(one.Resources, other.Resources, MayMeet)
        && MayMeet(one.NonResourceURLs, other.NonResourceURLs, UrlsMayMeet);

    /// <summary>
    /// True only if every request that matches <paramref name="inner"/> matches <paramref name="outer"/> too. Errs towards false.
    /// </summary>
    internal static bool Covers(SelectorRule outer, SelectorRule inner) =>
        Covers(outer.Users, inner.Users)
        && Covers(outer.UserGroups, inner.UserGroups)
        && Covers(outer.Verbs, inner.Verbs)
        && Covers(outer.Namespaces, inner.Namespaces)
        && Covers(outer.Resources, inner.Resources, Covers)
        && Covers(outer.NonResourceURLs, inner.NonResourceURLs, UrlCovers);

    static bool IsOfObjects(SelectorRule rule) => rule.Resources.Count > 0 || rule.Namespaces.Count > 0;

    static bool IsOfUrls(SelectorRule rule) => rule.NonResourceURLs.Count > 0;

    static bool MayMeet(IReadOnlyList<string> one, IReadOnlyList<string> other) => MayMeet(one, other, string.Equals);

    static bool Covers(IReadOnlyList<string> outer, IReadOnlyList<string> inner) => Covers(outer, inner, string.Equals);

    // An empty list is about everything.
    static bool MayMeet<T>(IReadOnlyList<T> one, IReadOnlyList<T> other, Func<T, T, bool> mayMeet) =>
        one.Count == 0 || other.Count == 0 || one.Any(mine => other.Any(theirs => mayMeet(mine, theirs)));

    static bool Covers<T>(IReadOnlyList<T> outer, IReadOnlyList<T> inner, Func<T, T, bool> covers) =>
        outer.Count == 0 || (inner.Count > 0 && inner.All(small => outer.Any(large => covers(large, small))));

    static bool MayMeet(GroupResources one, GroupResources other) =>
        (one.Group == "*" || other.Group == "*" || one.Group == other.Group)
        && MayMeet(one.ResourceNames, other.ResourceNames)
        && MayMeet(one.Resources, other.Resources, (mine, theirs) => mine == theirs || mine.Contains('*') || theirs.Contains('*'));

    static bool Covers(GroupResources outer, GroupResources inner) =>
        (outer.Group == "*" || outer.Group == inner.Group)
        && Covers(outer.ResourceNames, inner.ResourceNames)
        && Covers(outer.Resources, inner.Resources, ResourceCovers);

    static bool ResourceCovers(string outer, string inner) =>
        outer == "*" || outer == inner
        || (outer != "*/*"
            && outer.EndsWith("/*", StringComparison.Ordinal)
            && $"{inner}/".StartsWith(outer[..^1], StringComparison.Ordinal));

    static bool UrlsMayMeet(string one, string other) => UrlCovers(one, other) || UrlCovers(other, one);

    static bool UrlCovers(string outer, string inner) =>
        outer == inner || (outer.EndsWith('*') && inner.StartsWith(outer[..^1], StringComparison.Ordinal));
}
