using System.Diagnostics.Metrics;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Spool;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>Counts notifications by their result.</summary>
sealed class NotificationMetrics : IDeliveryMeter
{
    readonly Counter<long> attempts;
    readonly Counter<long> dropped;

    public NotificationMetrics(Meter meter)
    {
        attempts = meter.CreateCounter<long>("clustertrail.notifications", "{attempt}",
            "Attempts to send findings to the webhook, by result. The agent retries failed attempts until the receiver accepts them.");
        dropped = meter.CreateCounter<long>("clustertrail.notifications.dropped", "{notification}",
            "Findings that were not sent, because too many already wait for a receiver that accepts none. "
            + "They are still archived and counted.");
        Count("Delivered", 0);
        Count("Failed", 0);
        Dropped(0);
    }

    public void Delivered(SpoolHeader batch, long bytes, TimeSpan duration) => Count("Delivered", 1);

    public void Failed(TimeSpan duration, string code) => Count("Failed", 1);

    public void Quarantined(string source) => Dropped(1);

    public void Dropped(int notifications) => dropped.Add(notifications);

    void Count(string result, int times) => attempts.Add(times, new KeyValuePair<string, object?>("result", result));
}
