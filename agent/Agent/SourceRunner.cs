using System.Globalization;
using ClusterTrail.Agent.Integrity;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Agent.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent;

/// <summary>A source of the configuration with the pipeline that runs it, on a thread of its own.</summary>
sealed partial class SourceRunner : IDisposable
{
    const int RememberedFailures = 256;

    readonly HashSet<string> failures = [];
    readonly SourceContext context;
    readonly Pipeline pipeline;
    readonly SourceFeed feed;
    readonly Func<bool> logging;
    readonly Heartbeats heartbeats;
    readonly ILogger logger;
    readonly SourceLedger ledger;
    int gaps;

    /// <param name="feed">What is read.</param>
    /// <param name="logging">Asked at every turn; while it says no, nothing is read.</param>
    public SourceRunner(
        SourceContext context, SourceFeed feed, IRecorder recorder, SourceOutput output, Func<bool> logging, Heartbeats heartbeats)
    {
        (this.context, this.feed, this.logging, this.heartbeats) = (context, feed, logging, heartbeats);
        heartbeats.Expect(Name);
        logger = context.Loggers.CreateLogger<SourceRunner>();
        ledger = output.Ledger;
        var recovered = Recovery.Find(Name, output.Checkpoint, output.Batches.Spool, NoteDamage);
        Unconfirmed = recovered.Unconfirmed;
        if (ledger.GoOn(recovered, output.Batches.Spool) is { } reason)
        {
            LogNotNoted(logger, Name, reason);
        }

        var report = new FollowerReport(NoteGap, NoteReadFailed, NoteUnread);
        var follower = feed.Open(recovered.Start?.Progress, report);
        pipeline = new(context, follower, recorder, new(context, follower, recovered, output));
    }

    public string Name => context.Name;

    public string Path => feed.Path;

    /// <summary>A spooled batch that the pipeline hands over itself, once its checkpoint knows it.</summary>
    public SpooledBatch? Unconfirmed { get; }

    public int Gaps => gaps;

    /// <summary>What writes the journal that is read here; null of a log file.</summary>
    public ProcessRunner? Processes { get; init; }

    /// <summary>What is followed of containers; null of other sources.</summary>
    public ContainerSources? Containers { get; init; }

    /// <summary>What receives the events that are read here; null of other sources.</summary>
    public IReceiver? Receiver { get; init; }

    /// <summary>What reads a cloud's store or stream; null of other sources.</summary>
    public ICloudFeed? Cloud { get; init; }

    /// <summary>Whether its events are those of API servers.</summary>
    public required bool IsApiLog { get; init; }

    public PipelineView View => pipeline.View;

    public Task RunAsync(CancellationToken stopping) => Task.Factory.StartNew(
        () => Run(stopping), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose() => pipeline.Dispose();

    void Run(CancellationToken stopping)
    {
        try
        {
            pipeline.Run(logging, feed.PollInterval, () => heartbeats.Beat(Name), stopping);
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
        ledger.NoteGap(gap);
        context.Metrics.Gap(gap.Bytes ?? 0);
        LogGap(
            logger, Name, gap.Bytes?.ToString(CultureInfo.InvariantCulture) ?? "an unknown number of", gap.File, gap.Offset, Path,
            gap.Reason, gap.Detail ?? "");
    }

    void NoteReadFailed(string reason)
    {
        context.Metrics.ReadFailed();
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
        context.Metrics.Quarantined();
        LogDamagedCheckpoint(logger, Name, reason);
    }

    [LoggerMessage(
        LogLevel.Critical,
        "{Source}: an internal error of the agent, which stops. No events are lost: the next start continues from the checkpoint.")]
    static partial void LogDied(ILogger logger, string source, Exception e);

    [LoggerMessage(
        LogLevel.Error,
        "{Source}: a gap: {Bytes} bytes of file {File}, from byte {Offset} on, can no longer be read at {Path} "
            + "or beside it ({Reason}). {Detail}")]
    static partial void LogGap(
        ILogger logger, string source, string bytes, string file, long offset, string path, string reason, string detail);

    [LoggerMessage(LogLevel.Error, "{Source}: no digest can name the newest batch of the spool: {Reason}")]
    static partial void LogNotNoted(ILogger logger, string source, string reason);

    [LoggerMessage(LogLevel.Warning, "{Source}: a file cannot be read, but all others can; retrying: {Reason}")]
    static partial void LogReadFailed(ILogger logger, string source, string reason);

    [LoggerMessage(LogLevel.Warning, "{Source}: {Reason}")]
    static partial void LogUnread(ILogger logger, string source, string reason);

    [LoggerMessage(
        LogLevel.Error, "{Source}: the checkpoint is damaged and was set aside; continuing from the spool or the beginning: {Reason}")]
    static partial void LogDamagedCheckpoint(ILogger logger, string source, string reason);
}
