using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Selectors;

/// <summary>A selector rule made ready: which requests, and conditions on their fields.</summary>
sealed partial class Rule(SelectorRule rule, IEnumerable<AuditStage> omittedByAll)
{
    readonly RequestPattern request = new(rule.Users, rule.UserGroups, rule.Verbs, rule.Resources, rule.Namespaces, rule.NonResourceURLs);
    readonly TextSet omitted = new(rule.OmitStages.Union(omittedByAll).Select(stage => stage.ToString()));
    readonly Condition[] conditions = [.. rule.Fields.Select(Condition.Of)];
    readonly AuditLevel level = rule.Aggregate ? AuditLevel.Aggregate : LevelOf(rule.Level);

    /// <summary>What the rule gives to an event that matches it.</summary>
    public AuditLevel LevelOf(in AuditEvent audit) => omitted.Contains(audit.Stage) ? AuditLevel.None : level;

    public bool Matches(in AuditEvent audit) => request.Matches(audit) && MatchesConditions(audit);

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
