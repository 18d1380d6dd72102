using ClusterTrail.Agent.Spool;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent.Sinks;

/// <summary>What a sink took last, and what went wrong with it since.</summary>
sealed class DeliveryLog(string description, TimeProvider time)
{
    readonly Lock gate = new();
    readonly HashSet<string> codes = [];
    SinkStatus status = new() { Description = description, DeliveredBatches = 0, DeliveredEvents = 0 };

    public SinkStatus Status
    {
        get
        {
            lock (gate)
            {
                return status;
            }
        }
    }

    public void Delivered(SpoolHeader batch)
    {
        lock (gate)
        {
            codes.Clear();
            status = status with
            {
                LastDelivery = new(time.GetUtcNow(), batch.Name),
                LastError = null,
                DeliveredBatches = status.DeliveredBatches + 1,
                DeliveredEvents = status.DeliveredEvents + batch.Events,
            };
        }
    }

    /// <summary>What stood in the way of a batch has passed, though not by its delivery.</summary>
    public void Passed()
    {
        lock (gate)
        {
            codes.Clear();
            status = status with { LastError = null };
        }
    }

    /// <summary>Notes a failure; true when it is news: the first of its code since a delivery.</summary>
    public bool Failed(string code, string message)
    {
        lock (gate)
        {
            var before = status.LastError;
            var now = time.GetUtcNow();
            status = status with { LastError = new(now, before?.Since ?? now, code, message, (before?.Attempts ?? 0) + 1) };
            return codes.Add(code);
        }
    }
}
