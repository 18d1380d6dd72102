using System.Globalization;
using ClusterTrail.Agent.Batching;
using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Notifications;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Rules.Selectors;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent;

/// <summary>A source of the configuration with the pipeline that runs it, on a thread of its own.</summary>
sealed partial class SourceRunner : IDisposable
{
    const int RememberedFailures = 256;

    readonly HashSet<string> failures = [];
    readonly Pipeline pipeline;
    readonly LogFileConfiguration file;
    readonly Func<bool> logging;
    readonly SourceMetrics metrics;
    readonly Heartbeats heartbeats;
    readonly ILogger logger;
    int gaps;

    public SourceRunner(
        SourceConfiguration source, Func<bool> logging, BatchConfiguration batch, CheckpointFile checkpoint, ILineStore lines, Sealer sealer,
        Recorder recorder,
        Notifier? notifier, ReloadedFile<Selector> selectors, BatchSpool spool, Action<SpooledBatch> deliver, SourceMetrics metrics, Heartbeats heartbeats, TimeProvider time, ILoggerFactory loggers)
    {
        Name = source.Name;
        file = source.LogFile!;
        this.logging = logging;
        this.metrics = metrics;
        this.heartbeats = heartbeats;
        heartbeats.Expect(Name);
        logger = loggers.CreateLogger<SourceRunner>();
        var recovered = Recovery.Find(Name, checkpoint, spool, NoteDamage);
        Unconfirmed = recovered.Unconfirmed;
        var follower = new LogFollower(new DiskLogFiles(file), lines, file, recovered.Start?.Progress, new(NoteGap, NoteReadFailed, NoteUnread), time);
        pipeline = new(
            Name, follower, recovered, batch, selectors, recorder, notifier, sealer, spool, checkpoint, deliver, metrics, time,
            loggers.CreateLogger<Pipeline>());
    }

    public string Name { get; }

    public string Path => file.Path;

    /// <summary>A spooled batch that the pipeline hands over itself, once its checkpoint knows it.</summary>
    public SpooledBatch? Unconfirmed { get; }

    public int Gaps => gaps;

    public PipelineView View => pipeline.View;

    public Task RunAsync(CancellationToken stopping) => Task.Factory.StartNew(
        () => Run(stopping), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose() => pipeline.Dispose();

    void Run(CancellationToken stopping)
    {
        try
        {
            pipeline.Run(logging, TimeSpan.FromMilliseconds(file.PollIntervalMilliseconds), () => heartbeats.Beat(Name), stopping);
            heartbeats.Ended(Name);
        }
        catch (Exception e)
        {
            LogDied(logger, Name, e);
            throw;
        }
    }

    void NoteGap(Gap gap)
    {
        gaps++;
        metrics.Gap(gap.Bytes ?? 0);
        LogGap(
            logger, Name, gap.Bytes?.ToString(CultureInfo.InvariantCulture) ?? "an unknown number of", gap.File, gap.Offset, Path,
            gap.Reason, gap.Detail ?? "");
    }

    void NoteReadFailed(string reason)
    {
        metrics.ReadFailed();
        if (failures.Count >= RememberedFailures)
        {
            failures.Clear();
        }

        if (failures.Add(reason))
        {
            LogReadFailed(logger, Name, reason);
        }
    }

    void NoteUnread(string reason) => LogUnread(logger, Name, reason);

    void NoteDamage(string reason)
    {
        metrics.Quarantined();
        LogDamagedCheckpoint(logger, Name, reason);
    }

    [LoggerMessage(LogLevel.Critical, "{Source}: an internal error of the agent, which stops. No events are lost: the next start continues from the checkpoint.")]
    static partial void LogDied(ILogger logger, string source, Exception e);

    [LoggerMessage(LogLevel.Error,
        "{Source}: a gap: {Bytes} bytes of file {File}, from byte {Offset} on, can no longer be read at {Path} or beside it ({Reason}). {Detail}")]
    static partial void LogGap(
        ILogger logger, string source, string bytes, string file, long offset, string path, string reason, string detail);

    [LoggerMessage(LogLevel.Warning, "{Source}: a file cannot be read, but all others can; retrying: {Reason}")]
    static partial void LogReadFailed(ILogger logger, string source, string reason);

    [LoggerMessage(LogLevel.Warning, "{Source}: {Reason}")]
    static partial void LogUnread(ILogger logger, string source, string reason);

    [LoggerMessage(LogLevel.Error, "{Source}: the checkpoint is damaged and was set aside; continuing from the spool or the beginning: {Reason}")]
    static partial void LogDamagedCheckpoint(ILogger logger, string source, string reason);
}
