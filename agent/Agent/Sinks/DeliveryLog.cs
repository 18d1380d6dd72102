using ClusterTrail.Agent.Spool;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent.Sinks;

/// <summary>What a sink took last, and what went wrong with it since.</summary>
sealed class DeliveryLog(string description, TimeProvider time)
{
    const int MostCodes = 30;

    readonly Lock gate = new();
    readonly HashSet<string> codes = [];
    readonly Dictionary<string, string> refusals = [];
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

    /// <summary>Notes a delivery. A digest is none of the batches that are counted.</summary>
    public void Delivered(SpoolHeader batch)
    {
        if (SpooledBatch.IsDigest(batch.Source))
        {
            Passed();
            return;
        }

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

    /// <summary>Notes that a batch is set aside, or still is; true when it is news: the first of its code since none was.</summary>
    /// <param name="isFirst">Whether no batch was set aside before.</param>
    public bool SetAside(string code, string message, bool isFirst)
    {
        lock (gate)
        {
            if (isFirst)
            {
                refusals.Clear();
            }

            var isNews = !refusals.ContainsKey(code);
            if (!isNews || refusals.Count < MostCodes)
            {
                refusals[code] = message;
            }

            return isNews;
        }
    }

    /// <summary>What the sink said last when it refused with this code a batch that is set aside.</summary>
    public string RefusalOf(string code)
    {
        lock (gate)
        {
            return refusals.GetValueOrDefault(code, "");
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
