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
            _ => SourceType.LogFile,
        },
        LogFile = source is { Type: ApiServerSourceType.LogFile, LogFile: { } file }
            ? new() { Path = file.Path, StartAt = file.StartAt, MaxEventBytes = file.MaxEventBytes }
            : null,
        Webhook = source.Receiver() is { } webhook ? Receiver(webhook) : null,
        Bucket = source is { Type: ApiServerSourceType.Bucket, Bucket: { } bucket } ? Bucket(bucket) : null,
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
}
