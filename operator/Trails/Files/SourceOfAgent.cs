using ClusterTrail.Contract;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Trails.Files;

/// <summary>A Trail's source of API events as its agents know it: Secrets and ConfigMaps are files and folders.</summary>
static class SourceOfAgent
{
    public static SourceConfiguration Of(ApiServerSource source) => new()
    {
        Name = "apiserver",
        Type = source.Type switch
        {
            ApiServerSourceType.Webhook => SourceType.Webhook,
            ApiServerSourceType.Bucket => SourceType.Bucket,
            ApiServerSourceType.EventHubs => SourceType.EventHubs,
            ApiServerSourceType.Admission => SourceType.Admission,
            _ => SourceType.LogFile,
        },
        LogFile = source is { Type: ApiServerSourceType.LogFile, LogFile: { } file }
            ? new() { Path = file.Path, StartAt = file.StartAt, MaxEventBytes = file.MaxEventBytes }
            : null,
        Webhook = source.Receiver() is { } webhook ? Receiver(webhook) : null,
        Bucket = source is { Type: ApiServerSourceType.Bucket, Bucket: { } bucket } ? Bucket(bucket) : null,
        EventHubs = source is { Type: ApiServerSourceType.EventHubs, EventHubs: { } hub } ? Hub(hub) : null,
        Admission = source.Asked() is { } admission ? Asked(admission) : null,
    };

    // A folder of certificates, of which the newest counts.
    static WebhookSourceConfiguration Receiver(ApiServerWebhook webhook) => new()
    {
        Listen = $"[::]:{webhook.Port}",
        CertificatePath = AgentPaths.Receiver,
        ClientCaPath = $"{AgentPaths.Receiver}/{AgentPaths.ReceiverAuthorities}",
        JournalMaxBytes = webhook.JournalMaxBytes,
        MaxEventBytes = webhook.MaxEventBytes,
    };

    static AdmissionSourceConfiguration Asked(ApiServerAdmission admission) => new()
    {
        Listen = $"[::]:{admission.Port}",
        CertificatePath = AgentPaths.Receiver,
        PathTokenPath = $"{AgentPaths.Receiver}/{AgentPaths.PathToken}",
        QueueMaxBytes = admission.QueueMaxBytes,
        JournalMaxBytes = admission.JournalMaxBytes,
        MaxEventBytes = admission.MaxEventBytes,
    };

    static BucketSourceConfiguration Bucket(ApiServerBucket bucket) => new()
    {
        Bucket = bucket.Bucket,
        Prefix = bucket.Prefix,
        Format = bucket.Format,
        Region = bucket.Region,
        Endpoint = bucket.Endpoint,
        PathStyle = bucket.PathStyle,
        CaPath = bucket.CaBundle is null ? null : $"{AgentPaths.FeedAuthorities}/{AgentPaths.AuthoritiesFile}",
        Credentials = CredentialsOfAgent.Of(bucket.Credentials, AgentPaths.FeedCredentials),
        StartAt = bucket.StartAt,
        PollIntervalSeconds = bucket.PollIntervalSeconds,
        LatenessSeconds = bucket.LatenessSeconds,
        QueueUrl = bucket.QueueUrl,
        TimeoutSeconds = bucket.TimeoutSeconds,
        JournalMaxBytes = bucket.JournalMaxBytes,
        MaxEventBytes = bucket.MaxEventBytes,
    };

    static EventHubsSourceConfiguration Hub(ApiServerEventHubs hub) => new()
    {
        Namespace = hub.Namespace,
        EventHub = hub.EventHub,
        ConsumerGroup = hub.ConsumerGroup,
        ConnectionStringPath = $"{AgentPaths.FeedCredentials}/{AgentPaths.ConnectionString}",
        StartAt = hub.StartAt,
        TimeoutSeconds = hub.TimeoutSeconds,
        JournalMaxBytes = hub.JournalMaxBytes,
        MaxEventBytes = hub.MaxEventBytes,
    };
}
