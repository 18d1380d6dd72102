using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Rules.Detections;

/// <summary>The verbs, resources and status codes outside of which a match cannot hold; null for no bound.</summary>
/// <param name="Resources">Without their subresources.</param>
/// <param name="Kinds">Whether resources themselves, subresources, or both.</param>
/// <param name="Statuses">First digits of status codes; 0 stands for none.</param>
sealed record RuleScope(IReadOnlySet<string>? Verbs, IReadOnlySet<string>? Resources, IReadOnlySet<string>? Kinds, IReadOnlySet<string>? Statuses)
{
    const string Itself = "resource";
    const string Subresource = "subresource";

    static readonly string[] AllStatuses = ["0", "1", "2", "3", "4", "5"];

    /// <summary>The class of what is no status code: any rule may concern it.</summary>
    public const int OddStatus = 6;

    public static RuleScope Of(Match match) => new(
        Bound(match, one => one.Verbs.Count == 0 ? null : one.Verbs),
        Bound(match, one => one.Resources.Count == 0 ? null : Names(one.Resources)),
        Bound(match, one => one.Resources.Count == 0 ? null : KindsOf(one.Resources)),
        Bound(match, one => one.Fields.Select(StatusesOf).FirstOrDefault(statuses => statuses is not null)));

    /// <summary>How many kinds of resources there are.</summary>
    public const int KindCount = 2;

    /// <summary>How many classes of status codes there are.</summary>
    public const int StatusCount = OddStatus + 1;

    /// <summary>The class of a status code: its first digit, 0 for none.</summary>
    public static int StatusOf(ReadOnlySpan<byte> code) => code.IsEmpty ? 0 : (code[0] - '0') is var digit and >= 1 and <= 5 ? digit : OddStatus;

    /// <summary>0 for a resource itself, 1 for a subresource.</summary>
    public static int KindOf(ReadOnlySpan<byte> subresource) => subresource.IsEmpty ? 0 : 1;

    /// <summary>Whether events about this kind of resource, with a status of this class, may be concerned.</summary>
    public bool Concerns(int kind, int status) => (Kinds is null || Kinds.Contains(kind == 0 ? Itself : Subresource)) && ConcernsStatus(status);

    bool ConcernsStatus(int status) => status == OddStatus || Statuses is null || Statuses.Contains(AllStatuses[status]);

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

    // "pods" is none of its subresources, "pods/log" is not pods; "pods/*" and "*" are both.
    static List<string>? KindsOf(IReadOnlyList<GroupResources> resources)
    {
        var names = resources.SelectMany(group => group.Resources).ToList();
        return names.Any(name => name.EndsWith('*')) || resources.Any(group => group.Resources.Count == 0)
            ? null
            : [.. names.Select(name => name.Contains('/') ? Subresource : Itself)];
    }

    static IEnumerable<string>? StatusesOf(MatchCondition condition) => condition switch
    {
        { Path: not "responseStatus.code" } => null,
        { Operator: FieldOperator.Equals or FieldOperator.StartsWith } when condition.Values.All(IsCode) => condition.Values.Select(value => value[..1]),
        { Operator: FieldOperator.NotStartsWith } when condition.Values.All(value => IsCode(value) && value.Length == 1) => AllStatuses.Except(condition.Values),
        _ => null,
    };

    static bool IsCode(string value) => value.Length is >= 1 and <= 3 && value[0] is >= '1' and <= '5' && value.All(char.IsAsciiDigit);
}
