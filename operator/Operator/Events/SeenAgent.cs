using ClusterTrail.Contract.Status;

namespace ClusterTrail.Operator.Events;

/// <summary>What was seen of a node's agent.</summary>
/// <param name="StartedAt">Distinguishes one process from the next.</param>
/// <param name="At">When it was last seen.</param>
sealed record SeenAgent(DateTimeOffset StartedAt, DateTimeOffset At, Dictionary<string, SeenRule> Rules)
{
    /// <summary>Another process counts from zero, and may read again what the former one had read.</summary>
    public Dictionary<string, SeenRule> Restarted() => Rules.ToDictionary(rule => rule.Key, rule => rule.Value.Restarted());
}

/// <summary>What was seen of a rule's findings of one agent.</summary>
/// <param name="LastAt">The latest time of a finding. The newest finding may be a little before it, as a log is not quite in order.</param>
/// <param name="AgainUntil">Findings up to this time were counted already, by the process before; null when none can be.</param>
sealed record SeenRule(long Count, DateTimeOffset LastAt, string LastEventId, DateTimeOffset? AgainUntil)
{
    public static SeenRule First(FindingsStatus finding) => new(finding.Count, finding.LastAt, finding.LastEventId, null);

    public SeenRule Restarted() => this with { Count = 0, AgainUntil = LastAt };

    /// <summary>What is seen now, and how many findings of it are new.</summary>
    public (SeenRule Seen, long News) Next(FindingsStatus finding)
    {
        // A rule that was off in between counts from zero too.
        var basis = finding.Count < Count ? Restarted() : this;
        var isAgain = basis.AgainUntil is { } until && (finding.LastAt <= until || finding.LastEventId == LastEventId);
        return isAgain
            ? (basis with { Count = finding.Count }, 0)
            : (First(finding) with { LastAt = finding.LastAt > LastAt ? finding.LastAt : LastAt }, finding.Count - basis.Count);
    }
}
