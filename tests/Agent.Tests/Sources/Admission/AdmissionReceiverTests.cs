using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Admission;

public sealed class AdmissionReceiverTests
{
    static readonly string Review = Reviews.Review(Reviews.Request());

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AReviewIsAllowedAndReadAsAnEvent()
    {
        await using var world = new AdmissionWorld();
        using var client = AdmissionWorld.Client();

        var (status, text) = await world.PostAsync(client, Review);

        Assert.Equal(200, status);
        Assert.Equal(
            $$$"""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":{"uid":"{{{Reviews.Uid}}}","allowed":true}}""", text);
        var line = Assert.Single(await world.ReadAsync(1));
        Assert.Equal(Reviews.Uid, JsonDocument.Parse(line).RootElement.GetProperty("auditID").GetString());
        var caller = Assert.Single(world.Status.Callers);
        Assert.Equal(("", "127.0.0.1", 1), (caller.Name, caller.Address, caller.Events));
        Assert.Equal((1, 0), (world.Status.ReceivedEvents, world.Status.Queue!.LostEvents));
        Assert.Contains("It sees no reads", world.View.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AReviewThatComesTwiceIsRecordedOnce()
    {
        await using var world = new AdmissionWorld();
        using var client = AdmissionWorld.Client();

        for (var times = 0; times < 3; times++)
            Assert.Equal(200, (await world.PostAsync(client, Review)).Status);

        Assert.Single(await world.ReadAsync(1));
        Assert.Equal((1, 2), (world.Status.ReceivedEvents, world.Status.RepeatedRequests));
    }

    [Fact]
    public async Task AnotherPathSaysNothingAndIsCounted()
    {
        await using var world = new AdmissionWorld();
        using var client = AdmissionWorld.Client();

        foreach (var path in new[] { "/", "/admission", "/admission/", $"/admission/{AdmissionWorld.Token[..31]}", $"/admission/{AdmissionWorld.Token}0",
            $"/admission/{AdmissionWorld.Token}/", $"/{AdmissionWorld.Token}", $"/admission/{new string('a', 1500)}" })
        {
            var (status, text) = await world.PostAsync(client, Review, path);
            Assert.Equal(404, status);
            Assert.DoesNotContain(AdmissionWorld.Token, text, StringComparison.Ordinal);
        }

        Assert.Equal((8, 0), (world.Status.RefusedRequests, world.Status.ReceivedEvents));
        Assert.DoesNotContain(AdmissionWorld.Token, JsonSerializer.Serialize(world.Status), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANewTokenCountsAndTheFormerOneForAMinuteMore()
    {
        await using var world = new AdmissionWorld();
        using var client = AdmissionWorld.Client();
        var other = new string('b', 40);
        Assert.Equal(200, (await world.PostAsync(client, Review)).Status);

        world.WriteTokens(other);
        world.Later(TimeSpan.FromSeconds(10));
        Assert.Equal(200, (await world.PostAsync(client, Review, $"/admission/{other}")).Status);
        Assert.Equal(200, (await world.PostAsync(client, Review)).Status);

        world.Later(TimeSpan.FromMinutes(2));
        Assert.Equal(404, (await world.PostAsync(client, Review)).Status);
        Assert.Equal(200, (await world.PostAsync(client, Review, $"/admission/{other}")).Status);

        // A file that cannot be used changes nothing.
        world.WriteTokens("short");
        world.Later(TimeSpan.FromMinutes(2));
        Assert.Equal(200, (await world.PostAsync(client, Review, $"/admission/{other}")).Status);
    }

    [Fact]
    public async Task WithAuthoritiesAClientNeedsACertificate()
    {
        await using var world = new AdmissionWorld(withClientCa: true);
        using var nobody = AdmissionWorld.Client();
        using var server = Webhook.ReceiverWorld.Client(world.Authority.IssueToUser("kube-apiserver"));

        await Assert.ThrowsAnyAsync<Exception>(() => world.PostAsync(nobody, Review));
        Assert.Equal(200, (await world.PostAsync(server, Review)).Status);

        Assert.Equal("kube-apiserver", Assert.Single(world.Status.Callers).Name);
    }

    [Theory]
    [InlineData("application/json", "{}", 400, "admissionReviewVersions")]
    [InlineData("text/plain", "{}", 415, "application/json")]
    public async Task AnythingElseGetsItsStatusAndASentence(string type, string body, int expected, string sentence)
    {
        await using var world = new AdmissionWorld();
        using var client = AdmissionWorld.Client();

        var (status, text) = await world.PostAsync(client, body, type: type);

        Assert.Equal(expected, status);
        Assert.Contains(sentence, text, StringComparison.Ordinal);
        Assert.Equal((1, 0), (world.Status.RefusedRequests, world.Status.ReceivedEvents));
    }

    [Fact]
    public async Task ABodyBeyondTheLimitIsTooLargeAndOneAtTheLimitIsNot()
    {
        await using var world = new AdmissionWorld();
        using var client = AdmissionWorld.Client();
        var empty = Reviews.Numbered(0);

        var at = await world.PostAsync(client, Reviews.Numbered(0, (16 << 20) - empty.Length));
        var beyond = await world.PostAsync(client, Reviews.Numbered(0, (16 << 20) - empty.Length + 1));

        Assert.Equal((200, 413), (at.Status, beyond.Status));
        Assert.Single(await world.ReadAsync(1));
    }

    [Fact]
    public async Task WhileTheDiskIsFullReviewsAreAnsweredAndKeptUntilMemoryIsFullAndThenCounted()
    {
        await using var world = new AdmissionWorld(queueMaxBytes: 100_000);
        using var client = AdmissionWorld.Client();
        world.IsDiskFull = true;

        for (var number = 0; number < 50; number++)
            Assert.Equal(200, (await world.PostAsync(client, Reviews.Numbered(number, 10_000))).Status);

        var kept = (int)world.Status.Queue!.Events;
        Assert.InRange(kept, 5, 10);
        Assert.Equal((50 - kept, "QueueFull"), ((int)world.Status.Queue.LostEvents, world.Status.Queue.LastLoss));
        Assert.InRange(world.Status.Queue.Bytes, 1, 100_000);

        world.IsDiskFull = false;
        Assert.Equal(Enumerable.Range(0, kept).Select(number => $"uid-{number}"), (await world.ReadAsync(kept)).Select(
            line => JsonDocument.Parse(line).RootElement.GetProperty("auditID").GetString()));
        await Eventually.HoldsAsync("the loss is declared", async () =>
        {
            await world.ReadAsync(0);
            return world.Gaps.Count == 1;
        }, Cancellation);
        Assert.Equal("Lost", world.Gaps[0].Reason);
        Assert.StartsWith($"{50 - kept} events", world.Gaps[0].Detail, StringComparison.Ordinal);
        Assert.Contains("has lost events", world.View.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsAnsweredIsWrittenBeforeAStop()
    {
        await using var world = new AdmissionWorld();
        using var client = AdmissionWorld.Client();
        world.IsDiskFull = true;
        for (var number = 0; number < 20; number++)
            await world.PostAsync(client, Reviews.Numbered(number));

        var stopping = world.StopAsync();
        await Task.Delay(200, Cancellation);
        Assert.False(stopping.IsCompleted);
        world.IsDiskFull = false;
        await stopping;

        Assert.Equal(20, (await world.ReadAsync(20)).Count);
        Assert.Equal(0, world.Status.Queue!.LostEvents);
    }

    [Fact]
    public async Task WhileLoggingIsOffReviewsAreAllowedAndDiscarded()
    {
        await using var world = new AdmissionWorld { IsLogging = false };
        using var client = AdmissionWorld.Client();

        Assert.Equal(200, (await world.PostAsync(client, Review)).Status);

        Assert.Equal((0, 0), (world.Status.ReceivedEvents, world.Status.Queue!.LostEvents));
    }

    [Fact]
    public async Task ManyAtOnceAreAllRecordedOnce()
    {
        await using var world = new AdmissionWorld();
        using var client = AdmissionWorld.Client();

        await Parallel.ForAsync(0, 3000, Cancellation, async (number, _) =>
            Assert.Equal(200, (await world.PostAsync(client, Reviews.Numbered(number, number % 100 == 0 ? 500_000 : 500))).Status));

        var ids = (await world.ReadAsync(3000)).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("auditID").GetString()).ToList();
        Assert.Equal(3000, ids.Distinct().Count());
        Assert.Equal(3000, ids.Count);
        Assert.Equal((0, 0), (world.Status.Queue!.Events, world.Status.Queue.LostEvents));
    }

    [Fact]
    public async Task WhoeverSendsSlowlyIsEndedAndCountedAndKeepsNobodyOut()
    {
        await using var world = new AdmissionWorld();
        var port = (await world.UrlAsync("/")).Port;
        var slow = new List<Task>();
        for (var at = 0; at < 20; at++)
            slow.Add(SendSlowlyAsync(port));
        using var client = AdmissionWorld.Client();

        Assert.Equal(200, (await world.PostAsync(client, Review)).Status);

        await Task.WhenAll(slow).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        await Eventually.HoldsAsync("they are counted", () => Task.FromResult(world.Status.RefusedRequests >= 20), Cancellation);
        Assert.Single(await world.ReadAsync(1));
    }

    // A body of which a byte comes now and then. It returns when the server ends it.
    static async Task SendSlowlyAsync(int port)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync("127.0.0.1", port, Cancellation);
        await using var tls = new System.Net.Security.SslStream(connection.GetStream(), false, (_, certificate, _, _) => certificate is not null);
        await tls.AuthenticateAsClientAsync("localhost");
        await tls.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /admission/{AdmissionWorld.Token} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"), Cancellation);
        try
        {
            while (true)
            {
                await tls.WriteAsync("{"u8.ToArray(), Cancellation);
                await Task.Delay(500, Cancellation);
            }
        }
        catch (IOException)
        {
            // It was ended.
        }
    }
}
