using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Sources.Feeds;
using ClusterTrail.Agent.Sources.Feeds.Hubs;
using ClusterTrail.Agent.Sources.Journal;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Contract.Status;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent;

/// <summary>A source of type EventHubs: reads messages into their journal; the source's pipeline reads the journal.</summary>
sealed partial class EventHubsSource : ICloudFeed
{
    // A turn waits for messages itself.
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    readonly SourceContext context;
    readonly EventHubsSourceConfiguration configuration;
    readonly EventJournal journal;
    readonly FeedLog log;
    readonly FeedLoop loop;
    readonly HubFollower follower;
    readonly ILogger logger;

    /// <param name="hub">Null means the one that the configuration names.</param>
    /// <exception cref="ConfigurationException">The journal, or what the configuration names, cannot be used.</exception>
    public EventHubsSource(
        SourceContext context, EventHubsSourceConfiguration configuration, (string Folder, Action EnsureHeld) state, Func<bool> logging,
        FeedInstruments instruments, IEventHub? hub = null)
    {
        (this.context, this.configuration) = (context, configuration);
        logger = context.Loggers.CreateLogger<EventHubsSource>();
        hub ??= new AzureHub(configuration, Trust(context.Name, configuration, context.Time, logger));
        journal = SourceReceivers.OpenJournal(state, configuration.JournalMaxBytes, context.Time, KnownGroups.Always);
        log = new(context.Name, journal, instruments, logger, context.Time);
        follower = Follower(hub, HubProgressFile.In(state.Folder, state.EnsureHeld));
        loop = new(context, log, logging, follower.TurnAsync, Pause, logger);
        instruments.Watch(context.Name, () => Status);
    }

    public SourceFeed Feed => loop.FeedOf(journal, Address, configuration.MaxEventBytes, Missing, Notice);

    public FeedStatus Status => log.Status with { Partitions = follower.Partitions };

    string Address => $"sb://{configuration.Namespace}/{configuration.EventHub}";

    public async Task RunAsync(CancellationToken stopping)
    {
        LogFollowing(context.Name, Address, configuration.ConsumerGroup);
        await loop.RunAsync(stopping);
        await follower.CloseAsync();
    }

    public void Dispose() => journal.Dispose();

    /// <summary>Makes sure that the files can be used, for those who only check.</summary>
    /// <exception cref="ConfigurationException">They cannot.</exception>
    public static void Check(string source, EventHubsSourceConfiguration configuration, TimeProvider time, ILogger logger)
    {
        try
        {
            Trust(source, configuration, time, logger);
            HubKey.Read(configuration);
        }
        catch (FeedException e)
        {
            throw new ConfigurationException($"sources: {source}: {e.Message}", e);
        }
    }

    static ServerTrust Trust(string source, EventHubsSourceConfiguration configuration, TimeProvider time, ILogger logger)
    {
        try
        {
            return new(new("eventHubs.endpoint", "eventHubs.caPath", configuration.CaPath), time, logger);
        }
        catch (SinkException e)
        {
            throw new ConfigurationException($"sources: {source}: {e.Message}", e);
        }
    }

    HubFollower Follower(IEventHub hub, FeedProgressFile<HubProgress> file)
    {
        var groups = new FeedGroups(journal, log.Stored, context.Time);
        var ledger = new HubLedger(LoadProgress(file), configuration.StartAt == FeedStart.Now);
        log.Began(0, ledger.Missed);
        return new(hub, new(Address, AksRecords.Unwrap, groups), ledger, file.Save, log, context.Time);
    }

    HubProgress LoadProgress(FeedProgressFile<HubProgress> file)
    {
        try
        {
            if (file.Load() is { } known)
            {
                if (known.Of == Address)
                    return known;
                LogOtherHub(context.Name, known.Of, Address);
            }
        }
        catch (InvalidDataException e)
        {
            LogDamaged(context.Name, e.Message);
            // Not from now on: what came since it was saved is not known to be read.
            return new() { Of = Address, IsKnown = true };
        }

        return new() { Of = Address };
    }

    string? Missing() => log.Status switch
    {
        { LastError: { } reason } => reason,
        { LastAnswerAt: null } => $"{Address} was not asked yet.",
        { NewestReadAt: null } =>
            $"No message came from {Address} since the agent started. Check the diagnostic settings of the cluster.",
        _ => null,
    };

    string? Notice() => log.Status.MissedObjects is > 0 and var count
        ? $"{count} messages were removed by the event hub before they were read. Raise its retention, and check why the agent was late."
        : null;

    [LoggerMessage(LogLevel.Information, "{Source}: follows the event hub {Address} with the consumer group {Group}.")]
    partial void LogFollowing(string source, string address, string group);

    [LoggerMessage(LogLevel.Warning, "{Source}: it followed {Before} before, and begins anew with {Address}.")]
    partial void LogOtherHub(string source, string before, string address);

    [LoggerMessage(
        LogLevel.Error,
        "{Source}: the list of what was read of each partition is damaged; the agent begins anew, and may record events again: {Reason}")]
    partial void LogDamaged(string source, string reason);
}
