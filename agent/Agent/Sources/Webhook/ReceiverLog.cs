using ClusterTrail.Agent.Telemetry;

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

    public (string Reason, DateTimeOffset At)? LastRefusal { get; private set; }

    public DateTimeOffset? LastDeferredAt { get; private set; }

    public void Answered(ReceiverResult result, int events, TimeSpan after)
    {
        instruments.Answered(source, result, events, after);
        lock (gate)
        {
            switch (result)
            {
                case ReceiverResult.Stored:
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
}
