using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Detections;

/// <summary>The active rules, and which of them can match an event: judged by the names in it, before any rule is evaluated.</summary>
sealed class DetectionSet
{
    readonly Detection[] detections;
    readonly ulong[] ofAudit;
    readonly ulong[] ofProcesses;
    readonly Facet verbs;
    readonly Facet groups;
    readonly Facet resources;
    readonly Facet subresources;
    readonly Facet users;
    readonly Facet statuses;
    readonly Facet impersonations;

    public DetectionSet(IReadOnlyList<DetectionRule> rules)
    {
        detections = [.. rules.Select(rule => new Detection(rule))];
        var scopes = rules.Select(rule => RuleScope.Of(rule.Match)).ToList();
        ofAudit = RuleBits.Where(rules, rule => rule.Source == RuleSource.Audit);
        ofProcesses = RuleBits.Where(rules, rule => rule.Source == RuleSource.Process);
        verbs = Facet(scope => scope.Verbs);
        groups = Facet(scope => scope.Groups);
        resources = Facet(scope => scope.Resources);
        subresources = Facet(scope => scope.Subresources);
        users = Facet(scope => scope.Users);
        statuses = Facet(scope => scope.Statuses);
        impersonations = Facet(scope => scope.Impersonations);

        Facet Facet(Func<RuleScope, IReadOnlySet<string>?> bound) => new([.. scopes.Select(bound)]);
    }

    public static DetectionSet Empty { get; } = new([]);

    public IReadOnlyList<Detection> Detections => detections;

    /// <summary>How many words are needed to say which of the rules.</summary>
    public int Words => RuleBits.WordsFor(detections.Length);

    public Detection this[int rule] => detections[rule];

    /// <summary>The rules that the event may concern.</summary>
    /// <param name="words">As many as <see cref="Words"/>; the answer is kept there.</param>
    public RuleBits CandidatesFor(in AuditEvent audit, Span<ulong> words)
    {
        var candidates = ConcernedByRequest(audit, words);
        candidates.Keep(users.RulesFor(audit.UserName));
        candidates.Keep(statuses.RulesFor(RuleScope.StatusOf(audit.StatusCode)));
        candidates.Keep(impersonations.RulesFor(RuleScope.ImpersonationOf(audit.ImpersonatedUser)));
        return candidates;
    }

    /// <summary>The rules about the event's verb and resource, whoever asked, and whatever became of it.</summary>
    public RuleBits ConcernedByRequest(in AuditEvent audit, Span<ulong> words)
    {
        verbs.RulesFor(audit.Verb).CopyTo(words);
        var concerned = new RuleBits(words);
        concerned.Keep(audit.IsProcess ? ofProcesses : ofAudit);
        concerned.Keep(groups.RulesFor(audit.ApiGroup));
        concerned.Keep(resources.RulesFor(audit.Resource));
        concerned.Keep(subresources.RulesFor(audit.Subresource));
        return concerned;
    }
}
