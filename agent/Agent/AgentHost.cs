using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Notifications;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Rules.Selectors;
using ClusterTrail.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent;

/// <summary>One agent: its parts, and in which order they start and stop.</summary>
sealed partial class AgentHost : IDisposable
{
    // A pipeline beats at least once a poll interval; slower means a disk that hangs.
    static readonly TimeSpan HeartbeatLimit = TimeSpan.FromMinutes(2);

    static readonly TimeSpan HungPutLimit = TimeSpan.FromSeconds(2);

    readonly TimeProvider time;
    readonly ConfigurationFile file;
    readonly AgentConfiguration configuration;
    readonly ILogger<AgentHost> logger;
    readonly StateFolder state;
    readonly AgentMetrics metrics;
    readonly ReloadedFile<Selector> selectors;
    readonly DetectionDesk? detections;
    readonly NotificationDesk? notifications;
    readonly BatchSpool spool;
    readonly Uploader uploader;
    readonly Heartbeats heartbeats;
    readonly IReadOnlyList<SourceRunner> sources;
    readonly StatusReport report;
    readonly IDisposable? otlp;

    /// <exception cref="ConfigurationException">Something that the configuration names cannot be used.</exception>
    public AgentHost(string configPath, ILoggerFactory loggers, TimeProvider time)
    {
        this.time = time;
        logger = loggers.CreateLogger<AgentHost>();
        metrics = new(BuildInfo.Current);
        file = new(configPath, metrics.ConfigurationReloaded, time, logger);
        configuration = file.AtStart;
        var parts = new AgentParts(configuration, configPath);
        var origin = parts.Origin();
        var sealing = parts.Envelope();
        var sink = parts.Sink(time, logger);
        otlp = OtlpExport.Start(metrics.Meter, new(BuildInfo.Current.Version, $"{origin.NodeName}/{origin.Trail}", origin.ClusterName, origin.NodeName), new ConfigurationBuilder().AddEnvironmentVariables().Build(), logger);
        selectors = new(parts.SelectorsPath(), Selector.Everything, (path, json) => new(Contracts.ParseSelectors(path, json)), metrics.SelectorsReloaded, time, logger);
        detections = parts.DetectionsPath() is { } rules ? new(rules, origin, new(metrics.Meter, origin.Trail), time, logger) : null;
        state = StateFolder.Take(configuration.StateDirectory);
        notifications = configuration.Notifications.Webhook is { } webhook
            ? parts.Notifications(webhook, state, origin, new(metrics.Meter), time, loggers)
            : null;
        spool = new(state.SpoolPath, configuration.Spool.MaxBytes, time, state.MustBeHeld);
        heartbeats = new(time, HeartbeatLimit);
        uploader = new(spool, sink, new ArchiveMeter(metrics.DeclareSink(SinkLabel), metrics.DeclareSource), time, loggers.CreateLogger<Uploader>());
        var spooled = spool.Open(NoteQuarantined);
        sources = [.. configuration.Sources.Select(source => new SourceRunner(
            source, () => file.Logging, configuration.Batch, new(state.CheckpointPath(source.Name), state.MustBeHeld),
            new DiskLineStore(state.LinesPath(source.Name)), new(origin, sealing, time), new(origin, detections?.ForSource(), time),
            notifications?.ForSource(source.Name), selectors, spool, uploader.Enqueue, metrics.DeclareSource(source.Name), heartbeats, time, loggers))];
        report = new(file, origin, selectors, detections, notifications, sources, spool, uploader, heartbeats, state, time);
        report.Register(metrics.Gauges, SinkLabel);
        foreach (var batch in spooled.Where(batch => sources.All(source => source.Unconfirmed != batch)))
        {
            uploader.Enqueue(batch);
        }
    }

    string SinkLabel => configuration.Sink.Type.ToString();

    /// <summary>Runs until it is stopped; then closes and spools the open batches and delivers until the grace period ends.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        await using var server = await TelemetryServer.StartAsync(configuration.Telemetry.Listen, report.Pages(metrics.Collector), logger, stopping);
        LogStarted(BuildInfo.Current.Version, configuration.Trail, configuration.ClusterName, server.Listening, server.Url);
        using var giveUp = new CancellationTokenSource();
        var delivering = uploader.RunAsync(configuration.Sink.S3?.MaxConcurrency ?? 1, giveUp.Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var notifying = notifications?.RunAsync(giveUp.Token) ?? Task.CompletedTask;
        var reloading = Task.WhenAll(
            file.RunAsync(stop.Token), selectors.RunAsync(stop.Token), detections?.RunAsync(stop.Token) ?? Task.CompletedTask);
        var reading = sources.Select(source => source.RunAsync(stop.Token)).ToList();

        var watching = state.WatchAsync(LogStateLost, time, stop.Token);

        // A source ends when it is told to, or by an error of ours: then none goes on half dead, and a new start goes on from the checkpoints.
        await Task.WhenAny([.. reading, watching]);
        await stop.CancelAsync();
        if (watching.IsFaulted)
        {
            // What waited for the sink is gone with the folder.
            await giveUp.CancelAsync();
        }

        await Task.WhenAll(reading).ContinueWith(_ => Complete(), TaskScheduler.Default);
        var grace = TimeSpan.FromSeconds(configuration.ShutdownGraceSeconds);
        giveUp.CancelAfter(grace);
        // A put into a volume that hangs does not hear of it.
        await Ended(Task.WhenAll(delivering, notifying).WaitAsync(grace + HungPutLimit, CancellationToken.None));
        await Ended(reloading);
        await Task.WhenAll(reading);
        await Ended(watching);
        var (bytes, batches, _) = spool.Level;
        LogStopped(batches, bytes);
    }

    public void Dispose()
    {
        foreach (var source in sources)
        {
            source.Dispose();
        }

        otlp?.Dispose();
        notifications?.Dispose();
        metrics.Dispose();
        state.Dispose();
    }

    void Complete()
    {
        uploader.Complete();
        notifications?.Complete();
    }

    // Being cancelled is how these end, or hanging.
    static async Task Ended(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
        }
    }

    void NoteQuarantined(string source, string path, string reason)
    {
        metrics.DeclareSource(source).Quarantined();
        LogQuarantined(path, reason);
    }

    [LoggerMessage(
        LogLevel.Information,
        "ClusterTrail agent {Version} for trail {Trail} of cluster {Cluster}, listening on {Listening}, telemetry at {Url}.")]
    partial void LogStarted(string version, string trail, string cluster, string listening, Uri url);

    [LoggerMessage(LogLevel.Information, "Stopped. {Batches} batches of {Bytes} bytes wait in the spool for the next start.")]
    partial void LogStopped(int batches, long bytes);

    [LoggerMessage(LogLevel.Critical, "{Reason}")]
    partial void LogStateLost(string reason);

    [LoggerMessage(LogLevel.Error, "Spool file {Path} is damaged and was moved to quarantine: {Reason}")]
    partial void LogQuarantined(string path, string reason);
}
