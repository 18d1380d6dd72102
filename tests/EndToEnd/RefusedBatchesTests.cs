using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClusterTrail.Contract;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd;

/// <summary>A proxy before a real S3 server takes no body above 1 MiB, and the agent makes larger ones.</summary>
[Collection(S3Fixture.Collection)]
[Requires(Requires.S3)]
public sealed class RefusedBatchesTests(S3Fixture s3)
{
    const int Limit = 1 << 20;
    const int LargeBatches = 6;

    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);

    readonly List<string> written = [];

    [Fact]
    public async Task BatchesTooLargeForAProxyStepAsideOnceSmallerOnesComeAndAreDeliveredWhenItTakesThem()
    {
        var server = await s3.StartedAsync();
        var bucket = await server.CreateBucketAsync();
        using var keys = new CredentialFiles(S3Server.AccessKeyId, S3Server.SecretAccessKey);
        await using var proxy = new FaultyProxy(server.Endpoint, []) { LargestBody = Limit };
        using var folder = new AgentFolder();
        var configuration = ToBucket(folder, proxy.Endpoint, bucket, keys);

        using (var agent = AgentProcess.Start(
            folder.Root, configuration with { Batch = new() { MaxBytes = 2 << 20, MaxAgeSeconds = 1 }, ShutdownGraceSeconds = 1 }))
        {
            Write(folder, events: LargeBatches * 8, bytes: 256 << 10);
            var stuck = await AgentStatusPage.WaitAsync(
                await agent.Url, status => Spooled(status) >= LargeBatches - 1 && Code(status) == "RequestEntityTooLarge", Timeout);
            Assert.Equal(0, Aside(stuck));
            Assert.Equal(0, await agent.StopAsync());
        }

        // What the message says to do.
        using (var agent = AgentProcess.Start(
            folder.Root, configuration with { Batch = new() { MaxBytes = 512 << 10, MaxAgeSeconds = 1 } }))
        {
            var url = await agent.Url;
            Write(folder, events: 20, bytes: 64 << 10);
            var flowing = await AgentStatusPage.WaitAsync(
                url,
                status => Aside(status) >= LargeBatches - 1 && Spooled(status) == Aside(status) && Counted(status) == written.Count,
                Timeout);
            var first = flowing.GetProperty("sinks")[0].GetProperty("firstAside");
            Assert.Contains("answered 413 Request Entity Too Large", first.GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.Contains("lower batch.maxBytes", first.GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.False(flowing.GetProperty("sinks")[0].TryGetProperty("lastError", out _));

            proxy.LargestBody = long.MaxValue;
            Assert.Equal(0, await agent.StopAsync());
        }

        Assert.Empty(Directory.EnumerateFiles(folder.StatePath, "*.batch", SearchOption.AllDirectories));
        ArchivedRecords.MustBeExactly(written, await ArchivedRecords.OfBucketAsync(server, bucket));
    }

    static int Aside(JsonElement status) => status.GetProperty("sinks")[0].GetProperty("asideBatches").GetInt32();

    static int Spooled(JsonElement status) => status.GetProperty("spool").GetProperty("batches").GetInt32();

    // Over restarts. What waits is known only once the agent has looked, and may be from before the last lines.
    static long? Counted(JsonElement status) =>
        status.GetProperty("sources")[0].TryGetProperty("counted", out var counted) ? counted.GetProperty("lines").GetInt64() : null;

    static string? Code(JsonElement status) =>
        status.GetProperty("sinks")[0].TryGetProperty("lastError", out var error) ? error.GetProperty("code").GetString() : null;

    // Random, so that it compresses little.
    void Write(AgentFolder folder, int events, int bytes)
    {
        using var log = new FileStream(folder.LogPath, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        for (var number = 0; number < events; number++)
        {
            var line = AuditLine.Of(("auditID", $"\"{written.Count}\""),
                ("requestObject", $"\"{Convert.ToBase64String(RandomNumberGenerator.GetBytes(bytes))}\""));
            written.Add(Encoding.UTF8.GetString(line));
            log.Write([.. line, (byte)'\n']);
        }
    }

    static AgentConfiguration ToBucket(AgentFolder folder, Uri endpoint, string bucket, CredentialFiles keys) => folder.Configuration with
    {
        Sink = new()
        {
            Type = SinkType.S3,
            S3 = new()
            {
                Bucket = bucket,
                Region = "us-east-1",
                Endpoint = endpoint.ToString(),
                PathStyle = true,
                Credentials = new() { Type = S3CredentialsType.Static, Static = keys.Paths },
            },
        },
    };
}
