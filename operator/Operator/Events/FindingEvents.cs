using System.Collections.Concurrent;
using ClusterTrail.Contract.Status;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Events;

/// <summary>
/// Reports grave findings as Events of their Trail. Agents hold no token, so the operator does it, from the status that they serve.
/// </summary>
sealed class FindingEvents(EventRecorder events, TimeProvider time)
{
    const string Reason = "Detected";

    readonly ConcurrentDictionary<string, (string Uid, FindingLedger Ledger)> trails = new();

    /// <summary>Writes what is due. What cannot be written stays due. One call a Trail at a time.</summary>
    public async Task WriteAsync(Trail trail, IEnumerable<AgentStatus> reports, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var ledger = LedgerOf(trail, now);
        foreach (var news in ledger.Due(reports, now))
        {
            if (await events.TryWriteAsync(trail, "Warning", Reason, news.Rule, news.Note, cancellationToken))
                ledger.Reported(news, now);
        }
    }

    public void Forget(string trail) => trails.TryRemove(trail, out _);

    /// <summary>A new leader does not know what another replica has reported meanwhile.</summary>
    public void ForgetAll() => trails.Clear();

    FindingLedger LedgerOf(Trail trail, DateTimeOffset now) => trails.AddOrUpdate(
        trail.Metadata.Name,
        _ => (trail.Metadata.Uid!, new(now)),
        (_, known) => known.Uid == trail.Metadata.Uid ? known : (trail.Metadata.Uid!, new(now))).Ledger;
}
