using ClusterTrail.Agent.Sources.Feeds;
using ClusterTrail.Agent.Sources.Feeds.Buckets;
using ClusterTrail.Contract;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests.Sources.Feeds.Buckets;

/// <summary>The SDK's client against the shapes of SQS.</summary>
public sealed class SqsQueueTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AMessageComesUntilItIsDeleted()
    {
        await using var server = await SqsServer.StartAsync();
        var queue = Queue(server.Url);
        Assert.Empty(await queue.ReceiveAsync(Cancellation));
        server.Send("""{"Service":"Amazon S3","Event":"s3:TestEvent"}""");

        var first = Assert.Single(await queue.ReceiveAsync(Cancellation));
        var again = Assert.Single(await queue.ReceiveAsync(Cancellation));
        await queue.DeleteAsync(again, Cancellation);

        Assert.Equal(first.Body, again.Body);
        Assert.Empty(ObjectNotification.Parse(again.Body)!);
        Assert.Empty(await queue.ReceiveAsync(Cancellation));
        Assert.All(server.Authorizations, one => Assert.Contains("/sqs/aws4_request", one, StringComparison.Ordinal));
    }

    [Fact]
    public async Task OfManyMessagesAllComeInTheEnd()
    {
        await using var server = await SqsServer.StartAsync();
        var queue = Queue(server.Url);
        for (var number = 0; number < 25; number++)
            server.Send($"{number}");

        while (await queue.ReceiveAsync(Cancellation) is { Count: > 0 } messages)
        {
            Assert.InRange(messages.Count, 1, 10);
            foreach (var message in messages)
                await queue.DeleteAsync(message, Cancellation);
        }

        Assert.Empty(server.Left);
    }

    [Theory]
    [InlineData(403, "AccessDeniedException", "sqs:ReceiveMessage")]
    [InlineData(400, "QueueDoesNotExist", "As the test says.")]
    [InlineData(503, "ServiceUnavailable", "As the test says.")]
    public async Task WhatTheQueueSaysIsTold(int status, string type, string part)
    {
        await using var server = await SqsServer.StartAsync();
        server.Failure = (status, type);

        var failed = await Assert.ThrowsAsync<FeedException>(() => Queue(server.Url).ReceiveAsync(Cancellation));

        Assert.Equal(FeedFailure.Store, failed.Failure);
        Assert.Contains(part, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AQueueThatIsAwayIsAFailureOfTheStore()
    {
        var failed = await Assert.ThrowsAsync<FeedException>(
            () => Queue($"http://127.0.0.1:{FreePort.Next()}/1/audit").ReceiveAsync(Cancellation));

        Assert.Equal(FeedFailure.Store, failed.Failure);
        Assert.Contains("cannot be reached", failed.Message, StringComparison.Ordinal);
    }

    SqsQueue Queue(string url)
    {
        File.WriteAllText(folder.Join("id"), "AKIDEXAMPLE");
        File.WriteAllText(folder.Join("secret"), "secret");
        var clients = FeedClients.Create(
            new()
            {
                Bucket = "audit",
                Format = FeedFormat.Audit,
                Region = "eu-central-1",
                QueueUrl = url,
                Credentials = new()
                {
                    Type = S3CredentialsType.Static,
                    Static = new() { AccessKeyIdPath = folder.Join("id"), SecretAccessKeyPath = folder.Join("secret") },
                },
            },
            "sources[0].bucket", TimeProvider.System, NullLogger.Instance);
        return new(clients.Queue!, url, TimeSpan.FromSeconds(1), new(clients, url, TimeSpan.FromSeconds(20), TimeProvider.System));
    }
}
