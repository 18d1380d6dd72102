using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Sources.Feeds;
using ClusterTrail.Agent.Sources.Feeds.Buckets;
using ClusterTrail.Agent.Sources.Journal;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Contract.Status;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent;

/// <summary>A source of type Bucket: reads objects into their journal; the source's pipeline reads the journal.</summary>
sealed partial class BucketSource : ICloudFeed
{
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    readonly SourceContext context;
    readonly BucketSourceConfiguration configuration;
    readonly EventJournal journal;
    readonly FeedLog log;
    readonly FeedLoop loop;
    readonly FeedProgressFile<BucketProgress> file;
    readonly ILogger logger;

    /// <param name="bucket">Null means the one that the configuration names.</param>
    /// <exception cref="ConfigurationException">The journal, or what the configuration names, cannot be used.</exception>
    public BucketSource(
        SourceContext context, BucketSourceConfiguration configuration, (string Folder, Action EnsureHeld) state, Func<bool> logging,
        FeedInstruments instruments, (IBucket Bucket, IObjectQueue? Queue)? bucket = null)
    {
        (this.context, this.configuration) = (context, configuration);
        logger = context.Loggers.CreateLogger<BucketSource>();
        journal = SourceReceivers.OpenJournal(state, configuration.JournalMaxBytes, context.Time, KnownGroups.Always);
        log = new(context.Name, journal, instruments, logger, context.Time);
        file = BucketProgressFile.In(state.Folder, state.EnsureHeld);
        var (store, queue) = bucket ?? Open();
        var follower = Follower(store, queue);
        loop = new(context, log, logging, follower.TurnAsync, Pause(queue), logger);
        instruments.Watch(context.Name, () => Status);
    }

    public SourceFeed Feed => loop.FeedOf(journal, Address, configuration.MaxEventBytes, Missing, Notice);

    public FeedStatus Status => log.Status;

    string Address => $"s3://{configuration.Bucket}/{configuration.Prefix}";

    public Task RunAsync(CancellationToken stopping)
    {
        LogFollowing(context.Name, Address);
        return loop.RunAsync(stopping);
    }

    public void Dispose() => journal.Dispose();

    /// <summary>Makes sure that the clients can be made, for those who only check.</summary>
    /// <exception cref="ConfigurationException">They cannot.</exception>
    public static FeedClients Clients(string source, BucketSourceConfiguration configuration, TimeProvider time, ILogger logger)
    {
        try
        {
            return FeedClients.Create(configuration, "bucket", time, logger);
        }
        catch (SinkException e)
        {
            throw new ConfigurationException($"sources: {source}: {e.Message}", e);
        }
    }

    BucketFollower Follower(IBucket store, IObjectQueue? queue)
    {
        var groups = new FeedGroups(journal, log.Stored, context.Time);
        var reader = new ObjectReader(store, configuration.Bucket, FeedUnwrappings.Of(configuration.Format), groups);
        var ledger = new BucketLedger(LoadProgress(), TimeSpan.FromSeconds(configuration.LatenessSeconds));
        log.Began(ledger.Late, ledger.Missed);
        var follower = new BucketFollower(
            store, reader, ledger, file.Save, new(configuration.Bucket, configuration.Prefix, queue), log, context.Time);
        follower.RetryAll();
        return follower;
    }

    // The queue is waited for itself.
    TimeSpan Pause(IObjectQueue? queue) => queue is null ? TimeSpan.FromSeconds(configuration.PollIntervalSeconds) : TimeSpan.Zero;

    (IBucket Bucket, IObjectQueue? Queue) Open()
    {
        var clients = Clients(context.Name, configuration, context.Time, logger);
        var timeout = TimeSpan.FromSeconds(configuration.TimeoutSeconds);
        var bucket = new S3Bucket(
            clients.Bucket, configuration.Bucket, configuration.Prefix,
            new(clients, configuration.Endpoint ?? $"S3 bucket {configuration.Bucket}", timeout, context.Time));
        var wait = TimeSpan.FromSeconds(Math.Min(configuration.PollIntervalSeconds, LongestWait.TotalSeconds));
        return (bucket, clients.Queue is { } sqs
            ? new SqsQueue(sqs, configuration.QueueUrl!, wait, new(clients, configuration.QueueUrl!, timeout, context.Time))
            : null);
    }

    BucketProgress LoadProgress()
    {
        try
        {
            if (file.Load() is { } known)
            {
                if (known.Of == Address)
                    return known;
                LogOtherBucket(context.Name, known.Of, Address);
            }
        }
        catch (InvalidDataException e)
        {
            LogDamaged(context.Name, e.Message);
        }

        return new() { Of = Address, Settled = configuration.StartAt == FeedStart.Now ? context.Time.GetUtcNow() : null };
    }

    string? Missing() => log.Status switch
    {
        { LastError: { } reason } => reason,
        { LastAnswerAt: null } => $"{Address} was not listed yet.",
        { NewestReadAt: null } =>
            $"No object was found in {Address} since the agent started. Check the prefix, and what writes into the bucket.",
        _ => null,
    };

    string? Notice() => log.Status switch
    {
        { FirstFailing: { } first, FailingObjects: var count } => $"{count} objects cannot be read, retrying. {first}",
        { MissedObjects: > 0 and var count } =>
            $"{count} objects appeared in the bucket later than latenessSeconds, and are not read. Raise latenessSeconds, and check the "
                + "clocks.",
        _ => null,
    };

    [LoggerMessage(LogLevel.Information, "{Source}: follows the objects of {Address}.")]
    partial void LogFollowing(string source, string address);

    [LoggerMessage(LogLevel.Warning, "{Source}: it followed {Before} before, and begins anew with {Address}.")]
    partial void LogOtherBucket(string source, string before, string address);

    [LoggerMessage(
        LogLevel.Error,
        "{Source}: the list of objects that were read is damaged; the agent begins anew, and may record events again: {Reason}")]
    partial void LogDamaged(string source, string reason);
}
