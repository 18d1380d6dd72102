using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Rules.Detections;

/// <summary>The verbs and resources outside of which a match cannot hold; null for no bound.</summary>
/// <param name="Resources">Without their subresources.</param>
sealed record RuleScope(IReadOnlySet<string>? Verbs, IReadOnlySet<string>? Resources)
{
    public static RuleScope Of(Match match) => new(
        Bound(match, one => one.Verbs.Count == 0 ? null : one.Verbs),
        Bound(match, one => one.Resources.Count == 0 ? null : Names(one.Resources)));

    // The AND of its own part, of every one of all, and of any together: the first that is bounded will do.
    static IReadOnlySet<string>? Bound(Match match, Func<Match, IEnumerable<string>?> part)
    {
        if (part(match) is { } own)
            return own.ToHashSet();
        if (match.All.Select(one => Bound(one, part)).FirstOrDefault(bound => bound is not null) is { } ofAll)
            return ofAll;
        var ofAny = match.Any.Select(one => Bound(one, part)).ToList();
        return ofAny.Count > 0 && ofAny.All(bound => bound is not null) ? ofAny.SelectMany(bound => bound!).ToHashSet() : null;
    }

    static List<string>? Names(IReadOnlyList<GroupResources> resources)
    {
        var names = resources.SelectMany(group => group.Resources.Select(name => name.Split('/')[0])).ToList();
        return names.Contains("*") || resources.Any(group => group.Resources.Count == 0) ? null : names;
    }
}
