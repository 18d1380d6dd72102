using System.Text;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Selectors;

/// <summary>Decides how much of an event is recorded.</summary>
/// <remarks>Guarantees: every rule set is evaluated on its own and the highest level wins, so a set can only add.</remarks>
sealed partial class Selector(SelectorsFile selectors)
{
    /// <summary>Records all as it comes: what an agent without selectors does.</summary>
    public static Selector Everything { get; } =
        new(new SelectorsFile { RuleSets = [new() { Name = "everything", Rules = [new() { Level = SelectorLevel.RequestResponse }] }] });

    readonly Set[] sets = [.. selectors.RuleSets.Select(set => new Set(set))];

    public int RuleSets => sets.Length;

    /// <summary>The active sets.</summary>
    public IReadOnlyList<RuleSet> Sets => selectors.RuleSets;

    /// <summary>The level asked for, at most the event's own; None means that nobody wants the event.</summary>
    public AuditLevel Select(in AuditEvent audit)
    {
        var highest = AuditLevel.None;
        foreach (var set in sets)
        {
            var level = set.Select(audit);
            if (level > highest)
            {
                highest = level;
                if (highest >= audit.Level)
                {
                    return audit.Level;
                }
            }
        }

        return highest;
    }

    sealed partial class Set(RuleSet set)
    {
        readonly byte[]? boundTo = set.Namespace is null ? null : Encoding.UTF8.GetBytes(set.Namespace);
        readonly Rule[] rules = [.. set.Rules.Select(rule => new Rule(rule, set.OmitStages))];

        public AuditLevel Select(in AuditEvent audit)
        {
            if (boundTo is not null && !JsonText.Is(audit.Namespace, boundTo))
            {
                return AuditLevel.None;
            }

            foreach (var rule in rules)
            {
                if (rule.Matches(audit))
                {
                    return rule.LevelOf(audit);
                }
            }

            return AuditLevel.None;
        }
    }
}
