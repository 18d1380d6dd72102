using ClusterTrail.Contract;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Selectors;

sealed partial class Selector
{
    /// <summary>How many rules have something for which bodies must arrive.</summary>
    public int RulesThatNeedBodies => sets.Sum(set => set.RulesThatNeedBodies);

    /// <summary>For each set, what it or one after it needs at most: behind that nothing can be lacking.</summary>
    public AuditLevel[] NeededFrom()
    {
        var needed = new AuditLevel[sets.Length];
        for (var (at, most) = (sets.Length - 1, AuditLevel.None); at >= 0; at--)
        {
            needed[at] = most = sets[at].Needed > most ? sets[at].Needed : most;
        }

        return needed;
    }

    /// <summary>The set of a rule, and its place there.</summary>
    /// <param name="rule">Its place among the rules of all sets.</param>
    public (RuleSet Set, int Rule) Place(int rule)
    {
        foreach (var set in selectors.RuleSets)
        {
            if (rule < set.Rules.Count)
            {
                return (set, rule);
            }

            rule -= set.Rules.Count;
        }

        throw new ArgumentOutOfRangeException(nameof(rule));
    }

    /// <summary>The place of a rule among those of all sets; -1 if its set is no longer there as it was.</summary>
    public int PlaceOf(RuleSet set, int rule)
    {
        var first = 0;
        foreach (var other in selectors.RuleSets)
        {
            if (other.Name == set.Name)
            {
                return IsSame(other, set) ? first + rule : -1;
            }

            first += other.Rules.Count;
        }

        return -1;
    }

    /// <summary>The level, as <see cref="Select(in AuditEvent)"/> finds it; what rules lack is noted.</summary>
    public AuditLevel Select(in AuditEvent audit, PolicyWatch watch)
    {
        if (!watch.Begin(audit))
        {
            return Select(audit);
        }

        var highest = AuditLevel.None;
        var first = 0;
        for (var at = 0; at < sets.Length && (highest < audit.Level || watch.NeededFrom[at] > audit.Level); at++)
        {
            var level = sets[at].Select(audit, watch, first);
            highest = level > highest ? level : highest;
            first += sets[at].Count;
        }

        return highest > audit.Level ? audit.Level : highest;
    }

    static bool IsSame(RuleSet one, RuleSet other) =>
        ReferenceEquals(one, other) || Contracts.WriteCompact(one).AsSpan().SequenceEqual(Contracts.WriteCompact(other));

    sealed partial class Set
    {
        public int Count => rules.Length;

        public int RulesThatNeedBodies => rules.Count(rule => rule.Needed > AuditLevel.Metadata);

        public AuditLevel Needed => rules.Select(rule => rule.Needed).DefaultIfEmpty(AuditLevel.None).Max();

        /// <param name="audit">The event.</param>
        /// <param name="watch">Notes what rules lack.</param>
        /// <param name="first">The place of this set's first rule among those of all sets.</param>
        public AuditLevel Select(in AuditEvent audit, PolicyWatch watch, int first)
        {
            if (boundTo is not null && !JsonText.Is(audit.Namespace, boundTo))
            {
                return AuditLevel.None;
            }

            for (var at = 0; at < rules.Length; at++)
            {
                var rule = rules[at];
                var matches = rule.Matches(audit);
                watch.NoteConditions(first + at, rule, audit, matches);
                if (matches)
                {
                    var level = rule.LevelOf(audit);
                    watch.NoteMatch(first + at, rule.Asked, level, audit);
                    return level;
                }
            }

            return AuditLevel.None;
        }
    }
}
