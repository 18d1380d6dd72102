using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Sources.Feeds;
using ClusterTrail.Agent.Sources.Journal;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent;

/// <summary>Takes turns at a feed until it is stopped, with pauses that grow while the store does not answer.</summary>
sealed partial class FeedLoop(
    SourceContext context, FeedLog log, Func<bool> logging, Func<CancellationToken, Task> turn, TimeSpan pause, ILogger logger)
{
    static readonly TimeSpan JournalPollInterval = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan StoppedPollInterval = TimeSpan.FromSeconds(1);
    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    readonly RecurringFailure failure = new(context.Time);
    readonly Backoff backoff = new(FirstPause, LongestPause, Random.Shared);

    /// <param name="missing">Why nothing is read; null if something is.</param>
    /// <param name="notice">What is not read beside it.</param>
    public SourceFeed FeedOf(EventJournal journal, string address, int maxEventBytes, Func<string?> missing, Func<string?> notice) => new(
        address, JournalPollInterval,
        (progress, report) => new JournalSource(journal, progress, maxEventBytes, report, context.Time, missing, notice));

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var next = await TurnAsync(stopping);
            await Task.Delay(next, context.Time, stopping).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    // How long to wait then.
    async Task<TimeSpan> TurnAsync(CancellationToken stopping)
    {
        if (!logging())
            return StoppedPollInterval;
        try
        {
            await turn(stopping);
            failure.Cleared();
            backoff.Reset();
            return pause;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception e) when (e is FeedException or IOException or UnauthorizedAccessException)
        {
            log.Error(e.Message);
            if (failure.Occurred(e.Message))
                LogFailed(context.Name, e.Message);
            return backoff.Next();
        }
    }

    [LoggerMessage(LogLevel.Error, "{Source}: cannot be read, retrying: {Reason}")]
    partial void LogFailed(string source, string reason);
}
