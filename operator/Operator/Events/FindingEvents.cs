using System.Collections.Concurrent;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Status;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Events;

/// <summary>
/// Reports grave findings as Events of their Trail. Agents hold no token, so the operator does it, from the status that they serve.
/// </summary>
sealed class FindingEvents(EventRecorder events, TimeProvider time)
{
    const string Reason = "Detected";

    // While a Trail's own rules are not known.
    static readonly HashSet<string> OfPacks = [.. Packs.Rules.Select(rule => rule.Name)];

    readonly ConcurrentDictionary<string, (string Uid, FindingLedger Ledger)> trails = new();
    readonly ConcurrentDictionary<string, HashSet<string>> rulesOf = new();

    /// <summary>Says which rules a Trail has. Of others nothing is reported: an agent may report what it likes.</summary>
    public void Know(Trail trail, IReadOnlyList<DetectionRule>? rules)
    {
        if (rules is not null)
            rulesOf[trail.Metadata.Name] = [.. rules.Select(rule => rule.Name)];
    }

    /// <summary>Writes what is due. What cannot be written stays due. One call a Trail at a time.</summary>
    public async Task WriteAsync(Trail trail, IEnumerable<AgentStatus> reports, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var ledger = LedgerOf(trail, now);
        foreach (var news in ledger.Due(reports.Select(report => OfRules(trail, report)), now))
        {
            if (await events.TryWriteAsync(trail, "Warning", Reason, news.Rule, news.Note, cancellationToken))
                ledger.Reported(news, now);
        }
    }

    public void Forget(string trail)
    {
        trails.TryRemove(trail, out _);
        rulesOf.TryRemove(trail, out _);
    }

    /// <summary>A new leader does not know what another replica has reported meanwhile.</summary>
    public void ForgetAll() => trails.Clear();

    AgentStatus OfRules(Trail trail, AgentStatus report)
    {
        if (report.Detections is not { } detections)
            return report;
        var known = rulesOf.GetValueOrDefault(trail.Metadata.Name) ?? OfPacks;
        return report with
        {
            Detections = detections with { Findings = [.. detections.Findings.Where(finding => known.Contains(finding.Rule))] },
        };
    }

    FindingLedger LedgerOf(Trail trail, DateTimeOffset now) => trails.AddOrUpdate(
        trail.Metadata.Name,
        _ => (trail.Metadata.Uid!, new(now)),
        (_, known) => known.Uid == trail.Metadata.Uid ? known : (trail.Metadata.Uid!, new(now))).Ledger;
}
