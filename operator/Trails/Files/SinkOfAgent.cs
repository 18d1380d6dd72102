using ClusterTrail.Contract;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Trails.Files;

/// <summary>A Trail's sink as its agents know it: Secrets, ConfigMaps and volumes are files and folders.</summary>
static class SinkOfAgent
{
    public static SinkConfiguration Of(TrailSink sink) => new()
    {
        Type = sink.Type,
        S3 = sink is { Type: SinkType.S3, S3: { } s3 } ? S3(s3) : null,
        Directory = sink is { Type: SinkType.Directory, Directory: not null } ? new() { Path = AgentPaths.Archive } : null,
    };

    static S3SinkConfiguration S3(TrailS3Sink s3) => new()
    {
        Bucket = s3.Bucket,
        Prefix = s3.Prefix,
        Region = s3.Region,
        Endpoint = s3.Endpoint,
        PathStyle = s3.PathStyle,
        CaPath = s3.CaBundle is null ? null : $"{AgentPaths.Authorities}/{AgentPaths.AuthoritiesFile}",
        Credentials = CredentialsOfAgent.Of(s3.Credentials, AgentPaths.Credentials),
        Encryption = s3.Encryption,
        ObjectLock = s3.ObjectLock,
        StorageClass = s3.StorageClass,
        Checksums = s3.Checksums,
        MaxConcurrency = s3.MaxConcurrency,
        TimeoutSeconds = s3.TimeoutSeconds,
    };
}
