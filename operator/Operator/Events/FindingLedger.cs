using ClusterTrail.Contract.Status;

namespace ClusterTrail.Operator.Events;

/// <summary>
/// Decides which findings of one Trail are to be reported, from what its agents report and what was reported before. Pure: the time is
/// handed in.
/// </summary>
/// <remarks>
/// Guarantees: a finding is reported once, also if an agent restarts, and the findings of one rule at most every five minutes. A new
/// leader does not know what was reported before: of agents that were started before it, it reports findings of the last ten minutes, so
/// these are reported twice at most.
/// Caveats: findings that an agent made after its last poll, and does not make again after a restart, are in the archive but not here.
/// If events are read again, and new ones in the same poll, the reported number includes both.
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

    /// <summary>What is to be reported now. It stays due until <see cref="Reported"/>.</summary>
    public IReadOnlyList<FindingReport> Due(IEnumerable<AgentStatus> reports, DateTimeOffset now)
    {
        foreach (var report in reports)
            Take(report, now);
        foreach (var gone in agents.Where(agent => now - agent.Value.At > Remembered).Select(agent => agent.Key).ToList())
            agents.Remove(gone);
        return
        [
            .. pending.Values.Where(findings => findings.Count > 0 && !(now - findings.ReportedAt < Pace)).Select(findings =>
                findings.Report(now)),
        ];
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
            return finding.Count; // No other operator has seen it.
        if (finding.LastAt < since - Former)
            return 0;
        // How many of an older agent's findings are of the last minutes is unknown: at least one is.
        return startedAt >= since - Former ? finding.Count : 1;
    }

    void Add(FindingsStatus finding, long news, string node, DateTimeOffset now)
    {
        if (!pending.TryGetValue(finding.Rule, out var findings))
            pending[finding.Rule] = findings = new();
        findings.Add(finding, news, node, now);
    }
}
