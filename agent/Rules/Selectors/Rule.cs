using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Selectors;

/// <summary>A selector rule made ready: which requests, and conditions on their fields.</summary>
sealed partial class Rule(SelectorRule rule, IEnumerable<AuditStage> omittedByAll, Condition[] conditions)
{
    readonly RequestPattern request = new(rule.Users, rule.UserGroups, rule.Verbs, rule.Resources, rule.Namespaces, rule.NonResourceURLs);
    readonly TextSet omitted = new(rule.OmitStages.Union(omittedByAll).Select(stage => stage.ToString()));
    readonly Condition[] conditions = conditions;
    readonly AuditLevel level = rule.Aggregate ? AuditLevel.Aggregate : LevelOf(rule.Level);

    // Whatever arrives is then what it asks for: of everything nobody can want all bodies, and without selectors a Trail has this rule.
    readonly bool takesWhatComes = rule is
    {
        Level: SelectorLevel.RequestResponse, Users: [], UserGroups: [], Verbs: [], Resources: [], Namespaces: [], NonResourceURLs: [],
        Fields: [],
    };

    public Rule(SelectorRule rule, IEnumerable<AuditStage> omittedByAll)
        : this(rule, omittedByAll, [.. rule.Fields.Select(Condition.Of)])
    {
    }

    /// <summary>The level that events should arrive at for what the rule records; Metadata if any is enough.</summary>
    public AuditLevel Asked => takesWhatComes || level < AuditLevel.Metadata ? AuditLevel.Metadata : level;

    /// <summary>The level that an event must have so that all conditions can be evaluated.</summary>
    public AuditLevel BodyLevel { get; } = conditions.Select(condition => condition.BodyLevel).DefaultIfEmpty(AuditLevel.Metadata).Max();

    /// <summary>The level that events must arrive at so that nothing is lost of what the rule records.</summary>
    public AuditLevel Needed => level == AuditLevel.None ? AuditLevel.None : Asked > BodyLevel ? Asked : BodyLevel;

    /// <summary>What the rule gives to an event that matches it.</summary>
    public AuditLevel LevelOf(in AuditEvent audit) => omitted.Contains(audit.Stage) ? AuditLevel.None : level;

    public bool Matches(in AuditEvent audit) => request.Matches(audit) && MatchesConditions(audit);

    /// <summary>Whether the event is one of the requests that the rule is about, whatever its conditions say.</summary>
    public bool IsAbout(in AuditEvent audit) => level > AuditLevel.None && request.Matches(audit);

    /// <summary>Whether only a body that is missing keeps the rule from matching.</summary>
    public bool IsUndecided(in AuditEvent audit)
    {
        if (!IsAbout(audit) || omitted.Contains(audit.Stage))
        {
            return false;
        }

        var least = Outcome.Yes;
        var isDelete = EventBodies.IsDelete(audit.Verb);
        foreach (var condition in conditions)
        {
            var outcome = isDelete && condition.FailsOfDeletes ? Outcome.No : condition.Test(audit);
            least = outcome < least ? outcome : least;
        }

        return least == Outcome.Unknown;
    }

    static AuditLevel LevelOf(SelectorLevel level) => level switch
    {
        SelectorLevel.Metadata => AuditLevel.Metadata,
        SelectorLevel.Request => AuditLevel.Request,
        SelectorLevel.RequestResponse => AuditLevel.RequestResponse,
        _ => AuditLevel.None,
    };

    // A body that the event's level leaves out says nothing, so nothing holds of it. What was cut out of an event may: in doubt it is
    // recorded.
    bool MatchesConditions(in AuditEvent audit)
    {
        foreach (var condition in conditions)
        {
            var undecided = audit.Truncation?.Undecided;
            if (condition.Test(audit) != Outcome.Yes && (level == AuditLevel.None || audit.Truncation?.Undecided == undecided))
            {
                return false;
            }
        }

        return true;
    }
}
