using System.Text;
using System.Text.Json;
using Amazon.S3.Model;
using ClusterTrail.Contract;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Hubs;

namespace ClusterTrail.EndToEnd;

/// <summary>Agents that read clouds are killed at random moments, while events arrive and connections are cut.</summary>
[Collection(S3Fixture.Collection)]
public sealed class FeedKillTests(S3Fixture s3)
{
    const int Kills = 20;
    const int Seed = 20261127;

    static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task MessagesOfAnEventHubAreInTheArchiveOnce()
    {
        using var folder = new AgentFolder();
        using var hub = new EventHubServer(3);
        File.WriteAllText(Path.Combine(folder.Root, "ca.pem"), hub.AuthorityPem);
        File.WriteAllText(Path.Combine(folder.Root, "connection"), hub.ConnectionString);
        var source = new SourceConfiguration
        {
            Name = "aks",
            Type = SourceType.EventHubs,
            EventHubs = new()
            {
                Namespace = "localhost",
                EventHub = EventHubServer.Hub,
                ConnectionStringPath = Path.Combine(folder.Root, "connection"),
                Endpoint = hub.Endpoint,
                CaPath = Path.Combine(folder.Root, "ca.pem"),
            },
        };
        var random = new Random(Seed);

        await KillAndCompareAsync(folder, source, events =>
        {
            hub.Send($"{random.Next(3)}", JsonSerializer.SerializeToUtf8Bytes(new
            {
                records = events.Select(log => new { category = "kube-audit-admin", properties = new { log = $"{log}\n" } }),
            }));
            if (random.Next(50) == 0)
                hub.Cut();
            return Task.CompletedTask;
        });
    }

    [Fact]
    [Requires(Requires.S3)]
    public async Task ObjectsOfABucketAreInTheArchiveOnce()
    {
        var server = await s3.StartedAsync();
        var bucket = await server.CreateBucketAsync();
        using var keys = new CredentialFiles(S3Server.AccessKeyId, S3Server.SecretAccessKey);
        using var folder = new AgentFolder();
        var source = new SourceConfiguration
        {
            Name = "eks",
            Type = SourceType.Bucket,
            Bucket = new()
            {
                Bucket = bucket,
                Region = "us-east-1",
                Endpoint = server.Endpoint.ToString(),
                PathStyle = true,
                Format = FeedFormat.Audit,
                Credentials = new() { Type = S3CredentialsType.Static, Static = keys.Paths },
                PollIntervalSeconds = 1,
                LatenessSeconds = 60,
            },
        };
        var (random, written) = (new Random(Seed), 0);

        await KillAndCompareAsync(folder, source, async events => await server.Client.PutObjectAsync(new PutObjectRequest
        {
            // Names are in no order.
            BucketName = bucket,
            Key = $"{random.Next(100):d2}/{written++:d6}",
            ContentBody = string.Join('\n', events),
        }));
    }

    static async Task KillAndCompareAsync(AgentFolder folder, SourceConfiguration source, Func<IReadOnlyList<string>, Task> send)
    {
        var configuration = folder.Configuration with { Sources = [source], Batch = new() { MaxBytes = 64 << 10, MaxAgeSeconds = 1 } };
        var (random, sent) = (new Random(Seed), new List<string>());
        for (var kill = 0; kill < Kills; kill++)
        {
            using var agent = AgentProcess.Start(folder.Root, configuration);
            // Some die while they start, most in the middle of work.
            if (random.Next(5) > 0)
                await agent.Url;
            for (var many = random.Next(12); many > 0; many--)
            {
                await SendAsync(random.Next(1, 30));
                await Task.Delay(random.Next(100));
            }

            agent.Kill();
        }

        await SendAsync(1);
        using (var last = AgentProcess.Start(folder.Root, configuration))
        {
            var url = await last.Url;
            await Eventually.HoldsAsync(
                "all is in the archive", Timeout, () => Task.FromResult(Archived().Count >= sent.Count), CancellationToken.None);
            var feed = (await AgentStatusPage.ReadAsync(url)).GetProperty("sources")[0].GetProperty("feed");
            Assert.Equal(0, feed.GetProperty("missedObjects").GetInt64());
            Assert.Equal(0, await last.StopAsync());
        }

        ArchivedRecords.MustBeExactly(sent, Archived());
        Assert.Empty(DigestedArchive.CheckFolder(folder.ArchivePath).Problems);

        List<JsonElement> Archived() => Directory.Exists(folder.ArchivePath) ? ArchivedRecords.OfFolder(folder.ArchivePath) : [];

        Task SendAsync(int many)
        {
            List<string> events = [.. Enumerable.Range(sent.Count, many).Select(at =>
                Encoding.UTF8.GetString(AuditLine.Of(("auditID", $"\"{at:d8}\""))))];
            sent.AddRange(events);
            return send(events);
        }
    }
}
