using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Selectors;

/// <summary>Notes which stage never arrives of requests whose other stage does, so that the audit policy omits it.</summary>
/// <remarks>
/// Only for rules that decide about both stages of a request alike: those of the first set, which is always asked, without anything before
/// them that looks at what only one stage has.
/// </remarks>
sealed class StageWatch(RuleSet? set)
{
    /// <summary>How many requests in a row must lack a stage. API servers have fewer in flight.</summary>
    public const int Least = 1000;

    readonly bool[] tells = Tell(set);
    readonly int[] withoutEnd = new int[set?.Rules.Count ?? 0];
    readonly int[] withoutStart = new int[set?.Rules.Count ?? 0];

    public bool IsIdle { get; } = !Tell(set).Contains(true);

    /// <summary>Whether <see cref="Missing"/> is another one since this was last set to false.</summary>
    public bool IsChanged { get; set; } = true;

    /// <summary>The rules of the first set, and the stage that does not arrive.</summary>
    public IReadOnlyList<(int Rule, AuditStage Stage)> Missing() =>
        [.. Without(withoutEnd, AuditStage.ResponseComplete), .. Without(withoutStart, AuditStage.RequestReceived)];

    /// <summary>A rule decides about an event of a request that does not last.</summary>
    public void Note(int rule, in AuditEvent audit)
    {
        if (rule >= tells.Length || !tells[rule])
        {
            return;
        }

        if (audit.Stage.SequenceEqual("RequestReceived"u8))
        {
            Note(rule, withoutEnd, withoutStart);
        }
        else if (audit.Stage.SequenceEqual("ResponseComplete"u8))
        {
            Note(rule, withoutStart, withoutEnd);
        }
    }

    IEnumerable<(int Rule, AuditStage Stage)> Without(int[] without, AuditStage stage) =>
        from rule in Enumerable.Range(0, tells.Length)
        where without[rule] >= Least && !set!.OmitStages.Contains(stage) && !set.Rules[rule].OmitStages.Contains(stage)
        select (rule, stage);

    void Note(int rule, int[] lacking, int[] seen)
    {
        IsChanged |= seen[rule] >= Least || lacking[rule] == Least - 1;
        seen[rule] = 0;
        lacking[rule] = Math.Min(lacking[rule] + 1, Least);
    }

    // The name of an object that a create makes is known only in the end.
    static bool[] Tell(RuleSet? set)
    {
        var rules = set?.Rules ?? [];
        var alike = rules.TakeWhile(rule => rule.Fields.Count == 0 && rule.Resources.All(one => one.ResourceNames.Count == 0)).Count();
        return [.. rules.Select((rule, at) => at < alike && rule.Level > SelectorLevel.None)];
    }
}
