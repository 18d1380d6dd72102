using ClusterTrail.Agent.Batching;
using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Execs;
using ClusterTrail.Agent.Integrity;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Sources.Processes;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Contract.Status;
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
    readonly ILoggerFactory loggers;
    readonly ILogger<AgentHost> logger;
    readonly AgentConfiguration configuration;
    readonly WatchedFiles files;
    readonly StateFolder state;
    readonly AgentMetrics metrics;
    readonly Delivery delivery;
    readonly Heartbeats heartbeats;
    readonly IReadOnlyList<SourceRunner> sources;
    readonly IReadOnlyList<ProcessRunner> processes;
    readonly StatusReport report;
    readonly ExecParts execs;
    readonly LabelStore labels;
    readonly InsightMetrics? unusual;
    readonly IDisposable? otlp;

    /// <exception cref="ConfigurationException">Something that the configuration names cannot be used.</exception>
    public AgentHost(string configPath, ILoggerFactory loggers, TimeProvider time)
    {
        (this.time, this.loggers, logger) = (time, loggers, loggers.CreateLogger<AgentHost>());
        metrics = new(BuildInfo.Current);
        var file = new ConfigurationFile(configPath, metrics.ConfigurationReloaded, time, logger);
        configuration = file.AtStart;
        var parts = new AgentParts(configuration, configPath);
        var origin = parts.Origin();
        var sealing = parts.Envelope();
        var sink = parts.Sink(time, logger);
        otlp = StartOtlp(origin);
        unusual = configuration.Insights.Enabled ? new(metrics.Meter, origin.Trail) : null;
        files = new(file, parts.Selectors(metrics, time, logger), parts.Detections(origin, metrics.Meter, time, logger))
        {
            Policy = new(new(metrics.Meter), time),
        };
        state = StateFolder.Take(configuration.StateDirectory);
        var notifications = parts.Notifications(state, origin, metrics.Meter, time, loggers);
        var integrity = DigestLimits.Enabled ? new AgentIntegrity(state, time, loggers) : null;
        var spool = new BatchSpool(state.SpoolPath, configuration.Spool.MaxBytes, time, state.EnsureHeld)
        {
            Losing = (source, sequence) => integrity?.NoteLosing(source, sequence),
        };
        heartbeats = new(time, HeartbeatLimit);
        execs = new(configuration, origin, state, StatusKey.OfEnvironment(), time);
        labels = new(state.LabelsPath, origin, state.EnsureHeld, time, configuration.Enrichment);
        var meter = new ArchiveMeter(metrics.DeclareSink(SinkLabel), metrics.DeclareSource, metrics.Digests);
        var uploader = new Uploader(spool, sink, meter, time, loggers.CreateLogger<Uploader>())
        {
            Confirmed = delivered => integrity?.NoteConfirmed(delivered),
        };
        delivery = new(spool, uploader, notifications, integrity)
        {
            Immutability = parts.Immutability(sink, origin, time, loggers),
        };
        integrity?.Attach(configuration, origin, files, (spool, delivery.Uploader));
        var spooled = spool.Open(NoteQuarantined);
        integrity?.Opened((spool, delivery.Uploader));
        sources = [.. configuration.Sources.Select(source => NewSource(source, configPath, origin, new(origin, sealing, time)))];
        processes = [.. sources.Select(source => source.Processes).OfType<ProcessRunner>()];
        report = new(origin, files, sources, delivery, heartbeats, state, time) { Execs = execs, Labels = labels };
        report.Register(metrics.Gauges, SinkLabel);
        foreach (var batch in spooled.Where(batch => sources.All(source => source.Unconfirmed != batch)))
        {
            delivery.Uploader.Enqueue(batch);
        }
    }

    IntegrityConfiguration DigestLimits => configuration.Integrity ?? new();

    string SinkLabel => configuration.Sink.Type.ToString();

    /// <summary>Runs until it is stopped; then closes and spools the open batches and delivers until the grace period ends.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var pages = report.Pages(metrics.Collector);
        await using var server = await TelemetryServer.StartAsync(configuration.Telemetry.Listen, pages, logger, stopping);
        LogStarted(BuildInfo.Current.Version, configuration.Trail, configuration.ClusterName, server.Listening, server.Url);
        if (LabelsExchange.Lacking(configuration.Enrichment, StatusKey.OfEnvironment()) is { } lacking)
            LogNote(lacking);
        using var giveUp = new CancellationTokenSource();
        var delivering = delivery.RunAsync(configuration.Sink.S3?.MaxConcurrency ?? 1, giveUp.Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var watched = Task.WhenAll(files.RunAsync(stop.Token), delivery.Immutability?.RunAsync(stop.Token) ?? Task.CompletedTask);
        // Before anything is read: the first digest of a chain says where the chain begins.
        delivery.Integrity?.Start(DigestLimits, RecordingNow, metrics.Digests);
        var sealing = delivery.Integrity?.RunAsync(stop.Token) ?? Task.CompletedTask;
        var reading = sources.Select(source => source.RunAsync(stop.Token))
            .Concat(processes.Select(source => source.RunAsync(stop.Token)))
            .Concat(sources.Select(source => source.Receiver).OfType<IReceiver>().Select(source => source.RunAsync(stop.Token)))
            .Concat(sources.Select(source => source.Cloud).OfType<ICloudFeed>().Select(source => source.RunAsync(stop.Token))).ToList();

        var watching = state.WatchAsync(LogStateLost, time, stop.Token);

        // A source ends when it is cancelled, or by a bug. In that case all end, and the next start continues from the checkpoints.
        await Task.WhenAny([.. reading, watching]);
        await stop.CancelAsync();
        if (watching.IsFaulted)
        {
            // What waited for the sink is gone with the folder.
            await giveUp.CancelAsync();
        }

        await Ended(sealing);
        await Task.WhenAll(reading).ContinueWith(_ => Finish(), TaskScheduler.Default);
        var grace = TimeSpan.FromSeconds(configuration.ShutdownGraceSeconds);
        giveUp.CancelAfter(grace);
        // A put into a volume that hangs does not observe cancellation.
        await Ended(delivering.WaitAsync(grace + HungPutLimit, CancellationToken.None));
        await Ended(watched);
        await Task.WhenAll(reading);
        await Ended(watching);
        var (bytes, batches, _) = delivery.Spool.Level;
        LogStopped(batches, bytes);
    }

    public void Dispose()
    {
        foreach (var source in sources)
        {
            source.Dispose();
        }

        foreach (var source in processes)
        {
            source.Dispose();
        }

        foreach (var source in sources)
        {
            source.Receiver?.Dispose();
            source.Cloud?.Dispose();
        }

        otlp?.Dispose();
        delivery.Dispose();
        metrics.Dispose();
        state.Dispose();
    }

    SourceRunner NewSource(SourceConfiguration source, string configPath, Origin origin, Sealer sealer)
    {
        var counts = metrics.DeclareSource(source.Name);
        var tags = configuration.Enrichment is { } asked ? new RecordTags(asked, () => labels.Tags, counts.Unlabelled) : null;
        var context = new SourceContext(source.Name, configuration.Batch, counts, time, loggers) { Tags = tags };
        var checkpoint = new CheckpointFile(state.CheckpointPath(source.Name), state.EnsureHeld);
        var output = new SourceOutput(
            sealer, new(delivery.Spool, delivery.Uploader.Enqueue), checkpoint, delivery.Notifications?.ForSource(source.Name),
            new(source.Name, delivery.Integrity?.Ledger));
        var processesAsked = source.Processes is { } options
            ? new ProcessesAsked(options, configPath, () => labels.Current, metrics.ConfigurationReloaded, time, logger)
            : null;
        IRecorder recorder = source.Type switch
        {
            SourceType.Processes => new ProcessRecorder(
                origin, files.Detections?.ForProcesses(tags), time, execs.Join(source.Name).Joined, processesAsked, tags),
            SourceType.Containers => new ContainerRecorder(origin, time, tags),
            _ => new Recorder(
                origin, files.Selectors, files.Detections?.ForSource(tags), time, Watches(source, origin, tags), tags),
        };
        var log = source.LogFile ?? ProcessJournal.Log(state.JournalPath(source.Name));
        var containers = source.Containers is { } wanted
            ? new ContainerSources(wanted, configPath, labels, metrics.ConfigurationReloaded, time, logger)
            : null;
        var journal = (state.JournalPath(source.Name), (Action)state.EnsureHeld);
        var receiver = SourceReceivers.Open(source, context, journal, files, metrics.Gauges.Receivers);
        var cloud = CloudFeeds.Open(source, context, journal, files, metrics.Gauges.Feeds);
        var feed = containers?.Feed ?? receiver?.Feed ?? cloud?.Feed
            ?? SourceFeed.Of(log, new DiskLineStore(state.LinesPath(source.Name)), time);
        feed = source.Processes is null ? feed : feed.Through(read => new HeldProcesses(read, execs.Join(source.Name)));
        return new(context, feed, recorder, output, () => files.Configuration.Logging, heartbeats)
        {
            IsApiLog = source.LogFile is not null || receiver is not null || cloud is not null,
            Containers = containers,
            Receiver = receiver,
            Cloud = cloud,
            Processes = processesAsked is not null
                ? new(context, source.Processes!, state.JournalPath(source.Name), state.EnsureHeld, ProcessFeeds.Open,
                    processesAsked.Namespaces)
                {
                    Join = execs.Join(source.Name),
                }
                : null,
        };
    }

    // Reviews of admission have no levels.
    EventWatches Watches(SourceConfiguration source, Origin origin, RecordTags? tags) => new(
        execs.Log, Unusual(source.Name, origin, tags),
        source.Type == SourceType.Admission ? null : files.Policy.ForSource(files.Selectors));

    SourceInsights? Unusual(string source, Origin origin, RecordTags? tags) => unusual is null ? null
        : new(origin, new(state.InsightsPath(source), state.EnsureHeld, unusual, logger), unusual, time, logger, tags);

    // Off only when all that was read is in the spool, so that the last digest names it.
    Recording RecordingNow() =>
        files.Configuration.Logging ? Recording.On
        : sources.All(source => source.View.State == SourceState.Stopped) ? Recording.Off
        : Recording.Ending;

    void Finish()
    {
        delivery.Integrity?.Finish();
        delivery.Complete();
    }

    IDisposable? StartOtlp(Origin origin)
    {
        var build = BuildInfo.Current;
        var resource = new OtlpResource(build.Version, $"{origin.NodeName}/{origin.Trail}", origin.ClusterName, origin.NodeName);
        return OtlpExport.Start(metrics.Meter, resource, new ConfigurationBuilder().AddEnvironmentVariables().Build(), logger);
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

    [LoggerMessage(LogLevel.Warning, "{Note}")]
    partial void LogNote(string note);

    [LoggerMessage(LogLevel.Critical, "{Reason}")]
    partial void LogStateLost(string reason);

    [LoggerMessage(LogLevel.Error, "Spool file {Path} is damaged and was moved to quarantine: {Reason}")]
    partial void LogQuarantined(string path, string reason);
}
