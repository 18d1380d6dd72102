using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent.Notifications;

/// <summary>Sends findings to a webhook: a spool of its own, and an uploader for it.</summary>
sealed partial class WebhookNotifications : IDisposable
{
    public const long LimitBytes = 16 << 20;

    readonly WebhookConfiguration webhook;
    readonly Origin origin;
    readonly NotificationMetrics metrics;
    readonly TimeProvider time;
    readonly ILogger logger;
    readonly BatchSpool spool;
    readonly WebhookSink sink;
    readonly Uploader uploader;

    /// <exception cref="SinkException">The webhook cannot be used as configured.</exception>
    public WebhookNotifications(
        WebhookConfiguration webhook, BatchSpool spool, Origin origin, NotificationMetrics metrics, TimeProvider time,
        ILoggerFactory loggers)
    {
        (this.webhook, this.spool, this.origin, this.metrics, this.time) = (webhook, spool, origin, metrics, time);
        logger = loggers.CreateLogger<WebhookNotifications>();
        sink = new(webhook, time, logger);
        uploader = new(spool, sink, metrics, time, loggers.CreateLogger<Uploader>());
        foreach (var waiting in spool.Open(NoteDamaged))
        {
            uploader.Enqueue(waiting);
        }
    }

    public SinkStatus Status => uploader.Status;

    public Notifier ForSource(string source) =>
        new(source, origin, webhook.MinSeverity, new(spool, uploader.Enqueue), metrics, time, logger);

    public Task RunAsync(CancellationToken giveUp) => uploader.RunAsync(1, giveUp);

    /// <summary>Says that nothing will follow.</summary>
    public void Complete() => uploader.Complete();

    public void Dispose() => sink.Dispose();

    void NoteDamaged(string source, string path, string reason)
    {
        metrics.Quarantined(source);
        LogDamaged(path, reason);
    }

    [LoggerMessage(LogLevel.Error, "Notifications in {Path} are damaged and were moved to quarantine: {Reason}")]
    partial void LogDamaged(string path, string reason);
}
