using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Detections;

/// <summary>The rules in force, and which of them an event can concern at all: told by its verb, resource and status.</summary>
sealed class DetectionSet
{
    static readonly IReadOnlySet<string> Nothing = new HashSet<string>();

    // Beyond so many different names, which no real rules have, the table would grow without measure: then it does not tell by them.
    const int MostVerbs = 32;
    const int MostResources = 256;

    readonly Detection[] detections;
    readonly NameTable verbs;
    readonly NameTable resources;
    readonly int[][] candidates;

    public DetectionSet(IReadOnlyList<DetectionRule> rules)
    {
        detections = [.. rules.Select(rule => new Detection(rule))];
        var scopes = rules.Select(rule => RuleScope.Of(rule.Match)).ToList();
        verbs = Table(scopes.SelectMany(scope => scope.Verbs ?? Nothing), MostVerbs);
        resources = Table(scopes.SelectMany(scope => scope.Resources ?? Nothing), MostResources);
        candidates = [.. from verb in Enumerable.Range(0, verbs.Count + 1)
                         from resource in Enumerable.Range(0, resources.Count + 1)
                         from kind in Enumerable.Range(0, RuleScope.KindCount)
                         from status in Enumerable.Range(0, RuleScope.StatusCount)
                         select Concerned(scopes, verb, resource, kind, status)];
    }

    public static DetectionSet Empty { get; } = new([]);

    public IReadOnlyList<Detection> Detections => detections;

    public Detection this[int rule] => detections[rule];

    /// <summary>The rules that the event may concern.</summary>
    public ReadOnlySpan<int> CandidatesFor(in AuditEvent audit) => candidates[FirstOf(audit) + RuleScope.StatusOf(audit.StatusCode)];

    /// <summary>The rules that requests of the event's verb and resource may concern, whatever became of them.</summary>
    public ReadOnlySpan<int> ConcernedByRequest(in AuditEvent audit) => candidates[FirstOf(audit) + RuleScope.OddStatus];

    int FirstOf(in AuditEvent audit)
    {
        var resource = (verbs.Find(audit.Verb) * (resources.Count + 1)) + resources.Find(audit.Resource);
        return ((resource * RuleScope.KindCount) + RuleScope.KindOf(audit.Subresource)) * RuleScope.StatusCount;
    }

    static NameTable Table(IEnumerable<string> names, int most) => new(names.Distinct().Take(most + 1).ToList() is var all && all.Count <= most ? all : []);

    int[] Concerned(List<RuleScope> scopes, int verb, int resource, int kind, int status) =>
    [
        .. from rule in Enumerable.Range(0, scopes.Count)
           where verbs.Count == 0 || scopes[rule].Verbs is not { } itsVerbs || (verb > 0 && itsVerbs.Contains(verbs.NameOf(verb)))
           where resources.Count == 0 || scopes[rule].Resources is not { } itsResources || (resource > 0 && itsResources.Contains(resources.NameOf(resource)))
           where scopes[rule].Concerns(kind, status)
           select rule,
    ];
}
