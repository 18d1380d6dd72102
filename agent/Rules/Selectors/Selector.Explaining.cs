using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Explaining;

namespace ClusterTrail.Rules.Selectors;

sealed partial class Selector
{
    /// <summary>What each set says of an event.</summary>
    public IReadOnlyList<SetExplanation> Explain(in AuditEvent audit)
    {
        var all = new List<SetExplanation>();
        foreach (var set in sets)
            all.Add(set.Explain(audit));
        return all;
    }

    /// <summary>The level, as <see cref="Select(in AuditEvent)"/> finds it, and the set and the rule that give it; -1 if none does.</summary>
    public AuditLevel Select(in AuditEvent audit, out int bySet, out int byRule)
    {
        (bySet, byRule) = (-1, -1);
        var highest = AuditLevel.None;
        for (var at = 0; at < sets.Length && highest < audit.Level; at++)
        {
            if (sets[at].Select(audit, out var rule) is var level && level > highest)
                (highest, bySet, byRule) = (level, at, rule);
        }

        return highest > audit.Level ? audit.Level : highest;
    }

    /// <summary>Whether any rule matches, also one with the level None.</summary>
    public bool Matches(in AuditEvent audit)
    {
        foreach (var set in sets)
        {
            set.Select(audit, out var rule);
            if (rule >= 0)
                return true;
        }

        return false;
    }

    sealed partial class Set
    {
        public AuditLevel Select(in AuditEvent audit, out int byRule)
        {
            byRule = -1;
            if (boundTo is not null && !JsonText.Is(audit.Namespace, boundTo))
                return AuditLevel.None;
            for (var at = 0; at < rules.Length; at++)
            {
                if (rules[at].Matches(audit))
                {
                    byRule = at;
                    return rules[at].LevelOf(audit);
                }
            }

            return AuditLevel.None;
        }

        public SetExplanation Explain(in AuditEvent audit)
        {
            if (boundTo is not null && !JsonText.Is(audit.Namespace, boundTo))
                return new(set.Name, AuditLevel.None, $"the namespace {Shown.Text(audit.Namespace)} is not {set.Namespace}", []);
            var tried = new List<RuleExplanation>();
            foreach (var rule in rules)
            {
                var miss = rule.FirstMiss(audit);
                tried.Add(new(miss is null, miss ?? rule.Gives(audit)));
                if (miss is null)
                    return new(set.Name, rule.LevelOf(audit), null, tried);
            }

            return new(set.Name, AuditLevel.None, null, tried);
        }
    }
}
