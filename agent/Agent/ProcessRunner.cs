using ClusterTrail.Agent.Execs;
using ClusterTrail.Agent.Sources.Processes;
using ClusterTrail.Agent.Sources.Processes.Kernel;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent;

/// <summary>Collects processes into their journal, on a thread of its own; the source's pipeline reads the journal.</summary>
/// <remarks>Guarantee: where processes cannot be seen the agent says why, and everything else works.</remarks>
sealed partial class ProcessRunner : IDisposable
{
    // What comes in a burst is taken together: fewer writes, fewer turns of the pipeline.
    static readonly TimeSpan Together = TimeSpan.FromMilliseconds(20);

    static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    readonly ILogger logger;
    readonly RecurringFailure failure;
    readonly ProcessCollector? collector;
    readonly ProcessMethod method;
    readonly string? reason;

    /// <param name="open">Finds the way to learn of processes.</param>
    /// <param name="namespaces">Whose processes are asked for now; null is all of them. By default as configured.</param>
    public ProcessRunner(
        SourceContext context, ProcessesConfiguration configuration, string folder, Action ensureHeld,
        Func<(IProcessFeed? Feed, string? Reason)> open, Func<IReadOnlySet<string>?>? namespaces = null)
    {
        logger = context.Loggers.CreateLogger<ProcessRunner>();
        failure = new(context.Time);
        Name = context.Name;
        (var feed, reason) = open();
        method = feed?.Method ?? ProcessMethod.None;
        if (feed is not null)
        {
            var journal = new ProcessJournal(folder, configuration.JournalMaxBytes, context.Time, ensureHeld);
            var pods = new DiskPodFolders(configuration.ContainerLogsPath, configuration.PodLogsPath);
            collector = new(feed, journal, configuration, pods, context.Time, BootClock.StartedAt, namespaces);
        }
    }

    public string Name { get; }

    /// <summary>What joins its processes with API events.</summary>
    public ProcessJoin? Join { get; init; }

    /// <summary>For other threads.</summary>
    public ProcessesStatus Status
    {
        get
        {
            var counts = collector?.Counts ?? default;
            return new()
            {
                Method = method,
                Reason = reason,
                RecordedEvents = counts.Journaled,
                LostEvents = counts.Lost,
                RateLimitedEvents = counts.RateLimited,
                UnattributedEvents = counts.Unattributed,
                Containers = collector?.Containers ?? 0,
                Join = Join?.Status,
            };
        }
    }

    public Task RunAsync(CancellationToken stopping)
    {
        if (reason is not null)
        {
            LogMethod(Name, method, reason);
        }

        return collector is null
            ? Task.Delay(Timeout.Infinite, stopping).ContinueWith(_ => { }, TaskScheduler.Default)
            : Task.Factory.StartNew(
                () => Run(collector, stopping), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public void Dispose() => collector?.Dispose();

    void Run(ProcessCollector running, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            running.Wait(Longest);
            stopping.WaitHandle.WaitOne(Together);
            while (TryTurn(running.Turn) && !stopping.IsCancellationRequested)
            {
            }

            if (failure.IsOngoing)
            {
                stopping.WaitHandle.WaitOne(Longest);
            }
        }

        TryTurn(() =>
        {
            running.Finish();
            return false;
        });
    }

    // While the journal cannot be written the kernel's buffer fills, and counts what it cannot take.
    bool TryTurn(Func<bool> turn)
    {
        try
        {
            var isFull = turn();
            failure.Cleared();
            return isFull;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (failure.Occurred(e.Message))
            {
                LogJournalFailed(Name, e.Message);
            }

            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Source}: processes are seen by {Method}. {Reason}")]
    partial void LogMethod(string source, ProcessMethod method, string reason);

    [LoggerMessage(LogLevel.Error, "{Source}: cannot write the journal of processes, retrying: {Reason}")]
    partial void LogJournalFailed(string source, string reason);
}
