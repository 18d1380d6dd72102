using System.Security.Cryptography;
using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract.Detections;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent.Notifications;

/// <summary>Gathers the findings of one source that are to be sent, and puts them into the spool of notifications.</summary>
/// <remarks>
/// Guarantee: sent at least once. A finding is on disk before its source's checkpoint moves beyond its event; a crash before that finds it
/// again.
/// Caveat: when the spool is full, because the receiver accepts nothing, findings are dropped and counted.
/// </remarks>
sealed partial class Notifier(
    string source, Origin origin, DetectionSeverity least, Outbox outbox, NotificationMetrics metrics, TimeProvider time, ILogger logger)
{
    readonly List<byte[]> pending = [];
    // Later than those of any earlier run.
    long sequence = time.GetUtcNow().Ticks;
    bool wasFull;

    public void Add(Insight insight)
    {
        if (insight.Rule.Severity >= least)
        {
            pending.Add(CloudEvent.Of(insight, origin));
        }
    }

    /// <summary>Puts what was gathered on disk, and hands it to be delivered.</summary>
    /// <exception cref="IOException">It is not there; try again.</exception>
    public void Spool()
    {
        if (pending.Count == 0)
        {
            return;
        }

        if (outbox.Spool.IsFull)
        {
            Drop();
        }
        else
        {
            byte[] content = [.. pending.SelectMany(cloudEvent => cloudEvent)];
            outbox.Deliver(outbox.Spool.Add(Header(content), content));
            wasFull = false;
        }

        sequence++;
        pending.Clear();
    }

    void Drop()
    {
        metrics.Dropped(pending.Count);
        if (!wasFull)
        {
            LogDropped(outbox.Spool.LimitBytes);
        }

        wasFull = true;
    }

    SpoolHeader Header(byte[] content)
    {
        var (now, sha256) = (time.GetUtcNow(), Convert.ToHexStringLower(SHA256.HashData(content)));
        return new()
        {
            Name = $"notifications of {source} {sequence}",
            Source = source,
            Sequence = sequence,
            Events = pending.Count,
            RecordBytes = content.Length,
            FirstEvent = now,
            LastEvent = now,
            Sha256 = sha256,
            PlainSha256 = sha256,
            FirstPosition = "",
            LastPosition = "",
            SealedAt = now,
        };
    }

    [LoggerMessage(
        LogLevel.Error,
        "{Limit} bytes of notifications wait for a webhook that accepts none; the agent sends no further findings until it does. "
        + "They are archived and counted.")]
    partial void LogDropped(long limit);
}
