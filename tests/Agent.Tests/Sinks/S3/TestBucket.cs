using ClusterTrail.Agent.Sinks;
using ClusterTrail.Contract;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sinks.S3;

/// <summary>A new bucket on the real server, with credentials in files.</summary>
sealed class TestBucket : IDisposable
{
    TestBucket(S3Server server, string name) => (Server, Name) = (server, name);

    public S3Server Server { get; }

    public string Name { get; }

    public CredentialFiles Credentials { get; } = new(S3Server.AccessKeyId, S3Server.SecretAccessKey);

    public S3SinkConfiguration Configuration => new()
    {
        Bucket = Name,
        Endpoint = Server.Endpoint.ToString(),
        PathStyle = true,
        Credentials = new() { Type = S3CredentialsType.Static, Static = Credentials.Paths },
        TimeoutSeconds = 30,
    };

    public static async Task<TestBucket> CreateAsync(S3Fixture s3, bool objectLock = false)
    {
        var server = await s3.StartedAsync();
        return new(server, await server.CreateBucketAsync(objectLock));
    }

    public ISink Sink() => Sink(Configuration);

    public static ISink Sink(S3SinkConfiguration configuration) =>
        SinkFactory.Create(new() { Type = SinkType.S3, S3 = configuration }, TimeProvider.System);

    public Task<byte[]> ReadAsync(string key) => Server.ReadAsync(Name, key);

    public async Task<string[]> KeysAsync() =>
        [.. (await Server.Client.ListObjectsV2Async(new() { BucketName = Name })).S3Objects?.Select(stored => stored.Key) ?? []];

    public void Dispose() => Credentials.Dispose();
}
