using ClusterTrail.Contract.Status;

namespace ClusterTrail.Operator.Events;

/// <summary>
/// Which findings of one Trail are to be told, by what its agents say and what was told before. Asks nobody, and knows the time only as it
/// is given.
/// </summary>
/// <remarks>
/// Guarantees: a finding is told once, over an agent's restart too, and of one rule not more often than every five minutes. Who leads anew does not
/// know what was told before: of an agent that ran before it, it tells what was at most ten minutes before, so that is told once more at most.
/// Caveats: what an agent found after it was last asked, and does not read again when it starts anew, is in the archive and not here. Of findings read
/// again together with new ones in one poll, the number told has both.
/// Assumption: a finding's time and eventID are those of its event, so that an agent which reads events again finds the same.
/// </remarks>
/// <param name="since">When this operator began to lead, or saw the Trail first.</param>
sealed class FindingLedger(DateTimeOffset since)
{
    static readonly TimeSpan Pace = TimeSpan.FromMinutes(5);
    static readonly TimeSpan Former = TimeSpan.FromMinutes(10);

    // Nodes come and go.
    static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    readonly Dictionary<string, SeenAgent> agents = [];
    readonly Dictionary<string, PendingFindings> pending = [];

    /// <summary>What is to be told now. It stays due until <see cref="Reported"/>.</summary>
    public IReadOnlyList<FindingReport> Due(IEnumerable<AgentStatus> reports, DateTimeOffset now)
    {
        foreach (var report in reports)
            Take(report, now);
        foreach (var gone in agents.Where(agent => now - agent.Value.At > Remembered).Select(agent => agent.Key).ToList())
            agents.Remove(gone);
        return [.. pending.Values.Where(findings => findings.Count > 0 && !(now - findings.ReportedAt < Pace)).Select(findings => findings.Report(now))];
    }

    public void Reported(FindingReport news, DateTimeOffset now) => pending[news.Rule].Reported(now);

    void Take(AgentStatus report, DateTimeOffset now)
    {
        if (report.Detections is not { } detections)
            return;
        var (node, startedAt) = (report.Agent.NodeName, report.Agent.StartedAt);
        var before = agents.GetValueOrDefault(node);
        if (before?.StartedAt > startedAt)
            return; // One that was replaced answers for the last time.

        var rules = before is null ? [] : before.StartedAt == startedAt ? before.Rules : before.Restarted();
        foreach (var finding in detections.Findings)
        {
            var (seen, news) = rules.TryGetValue(finding.Rule, out var known)
                ? known.Next(finding)
                : (SeenRule.First(finding), before is null ? FirstSight(finding, startedAt) : finding.Count);
            rules[finding.Rule] = seen;
            if (news > 0 && finding.Severity is "high" or "critical")
                Add(finding, news, node, now);
        }

        agents[node] = new(startedAt, now, rules);
    }

    long FirstSight(FindingsStatus finding, DateTimeOffset startedAt)
    {
        if (startedAt >= since)
            return finding.Count; // It has told nobody else.
        if (finding.LastAt < since - Former)
            return 0;
        // How many of an older agent's findings are of the last minutes nobody knows: one is.
        return startedAt >= since - Former ? finding.Count : 1;
    }

    void Add(FindingsStatus finding, long news, string node, DateTimeOffset now)
    {
        if (!pending.TryGetValue(finding.Rule, out var findings))
            pending[finding.Rule] = findings = new();
        findings.Add(finding, news, node, now);
    }
}
