using System.Collections.Concurrent;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Reconcile;
using ClusterTrail.Trails;

namespace ClusterTrail.Operator.Findings;

/// <summary>Tells grave findings as Events of their Trail. Agents hold no token, so the operator tells them out of what agents say when asked.</summary>
sealed class FindingEvents(TrailEvents events, TimeProvider time)
{
    const string Reason = "Detected";

    readonly ConcurrentDictionary<string, (string Uid, FindingLedger Ledger)> trails = new();

    /// <summary>Tells what is due. What cannot be written stays due. One call a Trail at a time.</summary>
    public async Task TellAsync(Trail trail, IEnumerable<AgentStatus> reports, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var ledger = LedgerOf(trail, now);
        foreach (var news in ledger.Due(reports, now))
        {
            if (await events.TryTellAsync(trail, "Warning", Reason, news.Rule, news.Note, cancellationToken))
                ledger.Told(news, now);
        }
    }

    public void Forget(string trail) => trails.TryRemove(trail, out _);

    /// <summary>Who leads anew does not know what another told meanwhile.</summary>
    public void ForgetAll() => trails.Clear();

    FindingLedger LedgerOf(Trail trail, DateTimeOffset now) => trails.AddOrUpdate(
        trail.Metadata.Name,
        _ => (trail.Metadata.Uid!, new(now)),
        (_, known) => known.Uid == trail.Metadata.Uid ? known : (trail.Metadata.Uid!, new(now))).Ledger;
}
