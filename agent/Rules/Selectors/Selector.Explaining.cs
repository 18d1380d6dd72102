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

    sealed partial class Set
    {
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
