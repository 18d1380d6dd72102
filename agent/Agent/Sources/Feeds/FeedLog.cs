using ClusterTrail.Agent.Sources.Journal;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract.Status;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>What was seen of a feed: counted, logged, and kept for the status. For all threads.</summary>
sealed partial class FeedLog(string source, EventJournal journal, FeedInstruments instruments, ILogger logger, TimeProvider time) : IFeedLog
{
    readonly Lock gate = new();
    FeedCounts counts;
    (long Objects, long Late, long Missed) seen;
    (int Count, int Aside, string? First) failing;
    DateTimeOffset? answeredAt;
    DateTimeOffset? newestAt;
    (string Reason, DateTimeOffset At)? error;

    public FeedStatus Status
    {
        get
        {
            lock (gate)
            {
                return new()
                {
                    JournalBytes = journal.Bytes,
                    JournalLimitBytes = journal.MaxBytes,
                    ReadObjects = seen.Objects,
                    ReadEvents = counts.Events,
                    CutEvents = counts.Cut,
                    OtherEntries = counts.Other,
                    UnreadableParts = counts.Unreadable,
                    LateObjects = seen.Late,
                    MissedObjects = seen.Missed,
                    FailingObjects = failing.Count,
                    AsideObjects = failing.Aside,
                    FirstFailing = failing.First,
                    LastAnswerAt = answeredAt,
                    NewestReadAt = newestAt,
                    LastError = error?.Reason,
                    LastErrorAt = error?.At,
                };
            }
        }
    }

    /// <summary>What earlier runs found.</summary>
    public void Began(long late, long missed)
    {
        lock (gate)
            (seen.Late, seen.Missed) = (late, missed);
    }

    public void Answered()
    {
        lock (gate)
            (answeredAt, error) = (time.GetUtcNow(), null);
    }

    public void Stored(FeedCounts counts)
    {
        instruments.Entries(source, counts.Events, counts.Cut, counts.Other, counts.Unreadable);
        lock (gate)
            this.counts += counts;
    }

    public void Read(DateTimeOffset at)
    {
        instruments.Objects(source, FeedResult.Read, 1);
        lock (gate)
        {
            seen.Objects++;
            newestAt = newestAt > at ? newestAt : at;
        }
    }

    public void Gone(string name, string reason)
    {
        instruments.Objects(source, FeedResult.Gone, 1);
        LogGone(source, name, reason);
    }

    public void Failed(string name, string reason, bool isAside)
    {
        instruments.Objects(source, isAside ? FeedResult.Aside : FeedResult.Failed, 1);
        if (isAside)
            LogAside(source, name, reason);
        else
            LogFailed(source, name, reason);
    }

    public void Failing(int count, int aside, string? first)
    {
        lock (gate)
            failing = (count, aside, first);
    }

    public void Passed(long late, long missed)
    {
        (long Late, long Missed) more;
        lock (gate)
        {
            more = (late - seen.Late, missed - seen.Missed);
            (seen.Late, seen.Missed) = (late, missed);
        }

        instruments.Objects(source, FeedResult.Late, Math.Max(0, more.Late));
        instruments.Objects(source, FeedResult.Missed, Math.Max(0, more.Missed));
        if (more.Missed > 0)
            LogMissed(source, more.Missed);
    }

    public void Expired(string partition, long messages)
    {
        lock (gate)
            seen.Missed += messages;
        instruments.Objects(source, FeedResult.Missed, messages);
        LogExpired(source, partition, messages);
    }

    public void Replaced(string partition) => LogReplaced(source, partition);

    public void NotUnderstood() => LogNotUnderstood(source);

    /// <summary>The store or stream did not answer as it should.</summary>
    public void Error(string reason)
    {
        instruments.Error(source);
        lock (gate)
            error = (reason, time.GetUtcNow());
    }

    [LoggerMessage(LogLevel.Warning, "{Source}: {Name} was removed or replaced before it was read: {Reason}")]
    partial void LogGone(string source, string name, string reason);

    [LoggerMessage(LogLevel.Warning, "{Source}: the object {Name} cannot be read, retrying: {Reason}")]
    partial void LogFailed(string source, string name, string reason);

    [LoggerMessage(LogLevel.Error, "{Source}: the object {Name} still cannot be read and is set aside; it is tried once a day: {Reason}")]
    partial void LogAside(string source, string name, string reason);

    [LoggerMessage(
        LogLevel.Error,
        "{Source}: {Count} objects appeared in the bucket later than latenessSeconds, and are not read. Raise latenessSeconds, and check "
            + "the clocks.")]
    partial void LogMissed(string source, long count);

    [LoggerMessage(
        LogLevel.Error,
        "{Source}: the event hub removed {Count} messages of partition {Partition} before they were read. Raise its retention, and check "
            + "why the agent was late.")]
    partial void LogExpired(string source, string partition, long count);

    [LoggerMessage(
        LogLevel.Warning, "{Source}: partition {Partition} is of an event hub that was made anew, and is read from its beginning.")]
    partial void LogReplaced(string source, string partition);

    [LoggerMessage(LogLevel.Warning, "{Source}: a message of the queue is not a notification of S3, and was deleted.")]
    partial void LogNotUnderstood(string source);
}
