using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Detections;

/// <summary>The rules in force, and which of them an event can concern at all: told by its verb, resource and status.</summary>
sealed class DetectionSet
{
    static readonly IReadOnlySet<string> Nothing = new HashSet<string>();

    readonly Detection[] detections;
    readonly NameTable verbs;
    readonly NameTable resources;
    readonly int[][] candidates;

    public DetectionSet(IReadOnlyList<DetectionRule> rules)
    {
        detections = [.. rules.Select(rule => new Detection(rule))];
        var scopes = rules.Select(rule => RuleScope.Of(rule.Match)).ToList();
        verbs = new(scopes.SelectMany(scope => scope.Verbs ?? Nothing));
        resources = new(scopes.SelectMany(scope => scope.Resources ?? Nothing));
        candidates = [.. from verb in Enumerable.Range(0, verbs.Count + 1)
                         from resource in Enumerable.Range(0, resources.Count + 1)
                         from status in Enumerable.Range(0, RuleScope.StatusCount)
                         select Concerned(scopes, verb, resource, RuleScope.NameOf(status))];
    }

    public static DetectionSet Empty { get; } = new([]);

    public IReadOnlyList<Detection> Detections => detections;

    public Detection this[int rule] => detections[rule];

    /// <summary>The rules that the event may concern.</summary>
    public ReadOnlySpan<int> CandidatesFor(in AuditEvent audit) =>
        candidates[(((verbs.Find(audit.Verb) * (resources.Count + 1)) + resources.Find(audit.Resource)) * RuleScope.StatusCount) + RuleScope.StatusOf(audit.StatusCode)];

    /// <summary>The rules that requests of the event's verb and resource may concern, whatever became of them.</summary>
    public IReadOnlyList<int> ConcernedByRequest(in AuditEvent audit)
    {
        var first = ((verbs.Find(audit.Verb) * (resources.Count + 1)) + resources.Find(audit.Resource)) * RuleScope.StatusCount;
        return [.. candidates[first..(first + RuleScope.StatusCount)].SelectMany(rules => rules).Distinct().Order()];
    }

    int[] Concerned(List<RuleScope> scopes, int verb, int resource, string status) =>
    [
        .. from rule in Enumerable.Range(0, scopes.Count)
           where scopes[rule].Verbs is not { } itsVerbs || (verb > 0 && itsVerbs.Contains(verbs.NameOf(verb)))
           where scopes[rule].Resources is not { } itsResources || (resource > 0 && itsResources.Contains(resources.NameOf(resource)))
           where scopes[rule].Statuses?.Contains(status) ?? true
           select rule,
    ];
}
