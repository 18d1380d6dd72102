using System.Diagnostics.Metrics;
using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Notifications;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Sinks.S3;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Archive.Sealing;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Rules.Selectors;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent;

/// <summary>What the configuration names and the agent needs before it starts: files, keys, the node's name.</summary>
sealed class AgentParts(AgentConfiguration configuration, string configPath)
{
    const string NodeNameVariable = "NODE_NAME";

    public Origin Origin()
    {
        var node = configuration.NodeName ?? Environment.GetEnvironmentVariable(NodeNameVariable) ?? Environment.MachineName;
        if (!Contracts.IsName(node))
        {
            throw new ConfigurationException(
                $"{NodeNameVariable}, or else the host name, is \"{node}\"; allowed: a name that can stand in an object's name. "
                + $"Set nodeName in {configPath}.");
        }

        // The file may leave the name to the node; what objects are called is known only now.
        if (Contracts.ProblemsOf(configuration with { NodeName = node }) is { Count: > 0 } problems)
        {
            throw new ConfigurationException(string.Join('\n', problems.Select(problem =>
                $"{configPath}: {problem} (nodeName is \"{node}\", of {NodeNameVariable} or the host name.)")));
        }

        return new(configuration.ClusterName, node, configuration.Trail);
    }

    /// <summary>Who may open the batches; null when they are not encrypted.</summary>
    public Envelope? Envelope() => configuration.Encryption.Envelope is { } envelope
        ? new Envelope([.. envelope.RecipientPaths.Select(ReadRecipient)])
        : null;

    public ISink Sink(TimeProvider time, ILogger? logger = null)
    {
        try
        {
            return SinkFactory.Create(configuration.Sink, time, logger);
        }
        catch (SinkException e)
        {
            throw new ConfigurationException($"{configPath}: sink: {e.Message}", e);
        }
    }

    /// <summary>Tries whether the sink keeps what it has; null if nobody asks.</summary>
    public ImmutabilityWatch? Immutability(ISink sink, Origin origin, TimeProvider time, ILoggerFactory loggers)
    {
        var integrity = configuration.Integrity ?? new();
        return sink.Canary is { } canary && (integrity.Canary ?? configuration.Sink.S3?.ObjectLock is not null)
            ? new(
                canary, new(origin.ClusterName, origin.Trail, origin.NodeName, integrity.Chain), time,
                loggers.CreateLogger<ImmutabilityWatch>())
            : null;
    }

    public ReloadedFile<Selector> Selectors(AgentMetrics metrics, TimeProvider time, ILogger logger) => new(
        SelectorsPath(), Selector.Everything, (path, json) => new(Contracts.ParseSelectors(path, json)), metrics.SelectorsReloaded, time,
        logger);

    /// <summary>Null without a detections file.</summary>
    public DetectionEngine? Detections(Origin origin, Meter meter, TimeProvider time, ILogger logger) =>
        DetectionsPath() is { } path ? new(path, origin, new(meter, origin.Trail), time, logger) : null;

    /// <summary>The selectors file beside the configuration file; null when there is none.</summary>
    public string? SelectorsPath() => configuration.Selectors is null ? null : FromConfig(configuration.Selectors);

    /// <summary>The detections file beside the configuration file; null when there is none.</summary>
    public string? DetectionsPath() => configuration.Detections is null ? null : FromConfig(configuration.Detections);

    /// <summary>Null without a webhook.</summary>
    public WebhookNotifications? Notifications(StateFolder state, Origin origin, Meter meter, TimeProvider time, ILoggerFactory loggers) =>
        configuration.Notifications.Webhook is not { } webhook ? null : Usable(() =>
        {
            var spool = new BatchSpool(state.NotificationsPath, WebhookNotifications.LimitBytes, time, state.EnsureHeld);
            return new WebhookNotifications(webhook, spool, origin, new(meter), time, loggers);
        });

    /// <summary>Makes sure of what the webhook names, for those who only check.</summary>
    public void CheckWebhook(TimeProvider time)
    {
        if (configuration.Notifications.Webhook is { } webhook)
        {
            Usable(() => new WebhookSink(webhook, time)).Dispose();
            Usable(() => webhook.SecretPath is { } path ? WebhookSink.ReadSecret(path) : "");
        }
    }

    /// <summary>Makes sure of the sink's credential files, which an agent reads at its first put.</summary>
    public void CheckCredentials(TimeProvider time)
    {
        if (configuration.Sink.S3?.Credentials.Static is { } files)
        {
            Usable(() => new FileCredentials(files, time).GetCredentials());
        }
    }

    T Usable<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (SinkException e)
        {
            throw new ConfigurationException($"{configPath}: {e.Message}", e);
        }
    }

    Recipient ReadRecipient(string path, int at)
    {
        var file = FromConfig(path);
        try
        {
            return Recipient.FromPem(RegularFile.ReadText(file));
        }
        catch (Exception e) when (e is KeyRefusedException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{configPath}: encryption.envelope.recipientPaths[{at}] is \"{path}\": {e.Message}", e);
        }
    }

    string FromConfig(string path) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(configPath))!, path);
}
