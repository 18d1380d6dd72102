using ClusterTrail.Contract;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Trails.Files;

/// <summary>A store's credentials as agents know them: the keys of a Secret are files of a folder.</summary>
static class CredentialsOfAgent
{
    public static S3CredentialsConfiguration Of(TrailCredentials credentials, string folder) =>
        credentials is { Type: TrailCredentialsType.Secret, Secret: { } secret }
            ? new() { Type = S3CredentialsType.Static, Static = Files(secret, folder) }
            : new() { Type = S3CredentialsType.Default };

    static StaticCredentialsConfiguration Files(CredentialsSecret secret, string folder) => new()
    {
        AccessKeyIdPath = $"{folder}/{AgentPaths.AccessKeyId}",
        SecretAccessKeyPath = $"{folder}/{AgentPaths.SecretAccessKey}",
        SessionTokenPath = secret.SessionTokenKey is null ? null : $"{folder}/{AgentPaths.SessionToken}",
    };
}
