using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Selectors;

sealed partial class Rule
{
    /// <summary>The first part that does not match, and why; null if and only if the rule matches.</summary>
    public string? FirstMiss(in AuditEvent audit)
    {
        var miss = request.FirstMiss(audit);
        for (var at = 0; miss is null && at < conditions.Length; at++)
        {
            miss = conditions[at].Miss(audit) is { } found ? $"fields[{at}]: {found}" : null;
        }

        return miss;
    }

    /// <summary>What the rule gives to an event that matches it, for people.</summary>
    public string Gives(in AuditEvent audit)
    {
        var given = level == AuditLevel.Aggregate ? "a count of such events (aggregate)" : $"level {level}";
        return omitted.Contains(audit.Stage) ? $"{given}, but not for this stage" : given;
    }
}
