using System.Text.Json;
using ClusterTrail.Contract;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd;

/// <summary>A real S3 server goes away in every way we know while the agent delivers to it.</summary>
/// <remarks>The server is its own: tests of other collections use that of the assembly at the same time.</remarks>
[Requires(Requires.S3)]
public sealed class S3OutageTests(S3Fixture s3) : IClassFixture<S3Fixture>
{
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task TheBucketHoldsEveryEventOnceAfterEveryKindOfOutage()
    {
        var server = await s3.StartedAsync();
        var bucket = await server.CreateBucketAsync();
        using var keys = new CredentialFiles(S3Server.AccessKeyId, S3Server.SecretAccessKey);
        await using var proxy = new FaultyProxy(server.Endpoint, FaultyProxy.Random(seed: 7, share: 0.4), TimeSpan.FromMilliseconds(300));
        using var folder = new AgentFolder();
        using var log = new RotatingLog(folder.LogPath, seed: 7);
        await RunAsync(CompressionType.Gzip, async agent =>
        {
            await WriteForAsync(log, TimeSpan.FromSeconds(3));
            await DuringAsync(log, server.Freeze, server.Thaw, agent, "Timeout");
        });
        // What the agent before left in its spool is delivered too, as it is.
        await RunAsync(CompressionType.Zstd, async agent =>
        {
            await DuringAsync(log, server.Kill, () => server.RestartAsync(default).Wait(), agent, null);
            await DuringAsync(
                log,
                () => keys.Replace(S3Server.AccessKeyId, "a-wrong-secret"),
                () => keys.Replace(S3Server.AccessKeyId, S3Server.SecretAccessKey),
                agent,
                "SignatureDoesNotMatch");
            await AgentStatusPage.WaitAsync(agent, AgentStatusPage.IsDone, Timeout);
        });

        ArchivedRecords.MustBeExactly(log.Written, await ArchivedRecords.OfBucketAsync(server, bucket));

        async Task RunAsync(CompressionType codec, Func<Uri, Task> live)
        {
            using var agent = AgentProcess.Start(folder.Root, ToBucket(folder, proxy.Endpoint, bucket, keys, codec));
            await live(await agent.Url);
            Assert.Equal(0, await agent.StopAsync());
        }
    }

    /// <summary>Writes through an outage, until the agent tells of it; then it ends, and the agent delivers again.</summary>
    static async Task DuringAsync(RotatingLog log, Action begin, Action end, Uri agent, string? code)
    {
        begin();
        await WriteForAsync(log, TimeSpan.FromSeconds(2));
        using (var reported = new CancellationTokenSource())
        {
            // Only who delivers can fail to: events go on coming until the agent has reported.
            var writing = WriteUntilAsync(log, reported.Token);
            await AgentStatusPage.WaitAsync(agent, status => LastErrorCode(status) is { } last && (code is null || last == code), Timeout);
            await reported.CancelAsync();
            await writing;
        }

        end();
        await AgentStatusPage.WaitAsync(agent, status => LastErrorCode(status) is null, Timeout);
    }

    static string? LastErrorCode(JsonElement status) =>
        status.GetProperty("sinks")[0].TryGetProperty("lastError", out var error) ? error.GetProperty("code").GetString() : null;

    static async Task WriteForAsync(RotatingLog log, TimeSpan time)
    {
        for (var until = DateTime.UtcNow + time; DateTime.UtcNow < until;)
        {
            await log.WriteSomeAsync(most: 20);
            await Task.Delay(30);
        }
    }

    static async Task WriteUntilAsync(RotatingLog log, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            await log.WriteSomeAsync(most: 5);
            await Task.Delay(100, CancellationToken.None);
        }
    }

    static AgentConfiguration ToBucket(
        AgentFolder folder, Uri endpoint, string bucket, CredentialFiles keys, CompressionType codec) => folder.Configuration with
        {
            Batch = new() { MaxBytes = 128 << 10, MaxAgeSeconds = 1, Compression = new() { Type = codec } },
            Sink = new()
            {
                Type = SinkType.S3,
                S3 = new()
                {
                    Bucket = bucket,
                    Prefix = "trail",
                    Region = "us-east-1",
                    Endpoint = endpoint.ToString(),
                    PathStyle = true,
                    TimeoutSeconds = 2,
                    Credentials = new() { Type = S3CredentialsType.Static, Static = keys.Paths },
                },
            },
        };
}
