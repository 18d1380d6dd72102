using ClusterTrail.Agent.Sources.Journal;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent.Sources.Webhook;

/// <summary>What a receiver has seen, for its status.</summary>
sealed class ReceiverLog(string source, ReceiverInstruments instruments, TimeProvider time)
{
    readonly Lock gate = new();

    public Callers Callers { get; } = new(time);

    public long Received { get; private set; }

    public long Repeated { get; private set; }

    public long Deferred { get; private set; }

    public long Refused { get; private set; }

    /// <summary>What was answered, and is not recorded.</summary>
    public long Lost { get; private set; }

    public (string Reason, DateTimeOffset At)? LastRefusal { get; private set; }

    public (LossReason Reason, DateTimeOffset At)? LastLoss { get; private set; }

    public DateTimeOffset? LastDeferredAt { get; private set; }

    /// <summary>For other threads.</summary>
    public ReceiverStatus Status(EventJournal journal, DateTimeOffset? certificateExpiresAt) => new()
    {
        JournalBytes = journal.Bytes,
        JournalLimitBytes = journal.MaxBytes,
        ReceivedEvents = Received,
        RepeatedRequests = Repeated,
        DeferredRequests = Deferred,
        RefusedRequests = Refused,
        LastRefusal = LastRefusal?.Reason,
        LastRefusalAt = LastRefusal?.At,
        LastDeferredAt = LastDeferredAt,
        CertificateExpiresAt = certificateExpiresAt,
        Callers = Callers.All,
    };

    public void Answered(ReceiverResult result, int events, TimeSpan after)
    {
        instruments.Answered(source, result, events, after);
        lock (gate)
        {
            switch (result)
            {
                case ReceiverResult.Stored or ReceiverResult.Accepted:
                    Received += events;
                    break;
                case ReceiverResult.Repeated:
                    Repeated++;
                    break;
                case ReceiverResult.Full or ReceiverResult.Failed:
                    Deferred++;
                    LastDeferredAt = time.GetUtcNow();
                    break;
            }
        }
    }

    public void Refuse(ReceiverResult result, string reason)
    {
        instruments.Refused(source, result);
        lock (gate)
        {
            Refused++;
            LastRefusal = (reason, time.GetUtcNow());
        }
    }

    public void Lose(LossReason reason, long events)
    {
        instruments.Lost(source, reason, events);
        lock (gate)
        {
            Lost += events;
            LastLoss = (reason, time.GetUtcNow());
        }
    }

    /// <summary>Notes what people should see, of a request that is counted elsewhere.</summary>
    public void Note(string reason)
    {
        lock (gate)
            LastRefusal = (reason, time.GetUtcNow());
    }
}
