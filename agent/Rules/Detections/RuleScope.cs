using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Rules.Detections;

/// <summary>What an event must have for a match to hold, judged by names alone; null for no bound.</summary>
/// <param name="Groups">API groups.</param>
/// <param name="Resources">Without their subresources.</param>
/// <param name="Subresources">The empty one for a resource itself.</param>
/// <param name="Statuses">Classes of status codes, see <see cref="StatusOf"/>.</param>
/// <param name="Impersonations">See <see cref="ImpersonationOf"/>.</param>
sealed record RuleScope(
    IReadOnlySet<string>? Verbs, IReadOnlySet<string>? Groups, IReadOnlySet<string>? Resources, IReadOnlySet<string>? Subresources,
    IReadOnlySet<string>? Users, IReadOnlySet<string>? Statuses, IReadOnlySet<string>? Impersonations)
{
    // None, the first digits of those that there are, and what is none.
    static readonly string[] AllStatuses = ["", "1", "2", "3", "4", "5", "?"];

    public static RuleScope Of(Match match) => new(
        Bound(match, one => one.Verbs.Count == 0 ? null : one.Verbs),
        Bound(match, one => one.Resources.Count == 0 || one.Resources.Any(pattern => pattern.Group == "*")
            ? null
            : one.Resources.Select(pattern => pattern.Group)),
        Bound(match, one => NamesOf(one.Resources, ResourceOf)),
        Bound(match, one => NamesOf(one.Resources, SubresourceOf)),
        Bound(match, one => one.Users.Count == 0 ? null : one.Users),
        Bound(match, one => one.Fields.Select(StatusesOf).FirstOrDefault(statuses => statuses is not null)),
        Bound(match, one => one.Fields.Any(NeedsImpersonation) ? ["impersonated"] : null));

    /// <summary>The class of what is no status code: it may concern any rule.</summary>
    public static ReadOnlySpan<byte> AnyStatus => "?"u8;

    /// <summary>The class of a status code: its first digit.</summary>
    public static ReadOnlySpan<byte> StatusOf(ReadOnlySpan<byte> code) =>
        code.IsEmpty ? code : code[0] is >= (byte)'1' and <= (byte)'5' ? code[..1] : AnyStatus;

    /// <summary>Whether a request was made as somebody else; by the token of that.</summary>
    public static ReadOnlySpan<byte> ImpersonationOf(int impersonatedUser) => impersonatedUser == 0 ? default : "impersonated"u8;

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

    // A group without resources is all of its resources and subresources.
    static IEnumerable<string>? NamesOf(IReadOnlyList<GroupResources> resources, Func<string, string?> name)
    {
        var names = resources.SelectMany(pattern => pattern.Resources.Count == 0 ? [null] : pattern.Resources.Select(name)).ToList();
        return names.Count == 0 || names.Contains(null) ? null : names.OfType<string>();
    }

    static string? ResourceOf(string pattern) => pattern.Split('/')[0] is var name && name == "*" ? null : name;

    // "pods" is none of its subresources, "pods/log" is not pods; "pods/*" and "*" are both.
    static string? SubresourceOf(string pattern) => pattern.EndsWith('*') ? null : pattern.Contains('/') ? pattern.Split('/', 2)[1] : "";

    static IEnumerable<string>? StatusesOf(MatchCondition condition) => condition switch
    {
        { Path: not "responseStatus.code" } => null,
        { Operator: FieldOperator.Equals or FieldOperator.StartsWith } when condition.Values.All(IsCode) =>
            [.. condition.Values.Select(value => value[..1]), AllStatuses[^1]],
        { Operator: FieldOperator.NotStartsWith } when condition.Values.All(value => IsCode(value) && value.Length == 1) =>
            AllStatuses.Except(condition.Values),
        _ => null,
    };

    static bool IsCode(string value) => value.Length is >= 1 and <= 3 && value[0] is >= '1' and <= '5' && value.All(char.IsAsciiDigit);

    // Of what is not there, only a negation holds; compared with a body that the event lacks, nobody can know.
    static bool NeedsImpersonation(MatchCondition condition) =>
        condition.Path.StartsWith("impersonatedUser.", StringComparison.Ordinal) && condition.Operator switch
        {
            FieldOperator.NotEquals or FieldOperator.NotStartsWith or FieldOperator.NotEndsWith => false,
            FieldOperator.EqualsField or FieldOperator.NotEqualsField => false,
            FieldOperator.Exists => condition.Values is not ["false"],
            _ => true,
        };
}
