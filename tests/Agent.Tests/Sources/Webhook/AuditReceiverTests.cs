using System.Text;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Webhook;

public sealed class AuditReceiverTests
{
    static readonly string Event = Encoding.UTF8.GetString(AuditLine.Of());

    [Fact]
    public async Task WhatIsAnswered200IsReadAsAnEvent()
    {
        await using var world = new ReceiverWorld();
        using var client = world.Client("kube-apiserver-1");

        Assert.Equal(200, (await world.PostAsync(client, $"{ReceiverWorld.Start}[{Event},{Event}]}}", "/audit?timeout=30s")).Status);

        Assert.Equal([Event, Event], world.Read());
        var caller = Assert.Single(world.Status.Callers);
        Assert.Equal(("kube-apiserver-1", "127.0.0.1", 2), (caller.Name, caller.Address, caller.Events));
        Assert.True(caller.LagSeconds > 0);
        Assert.Equal(2, world.Status.ReceivedEvents);
    }

    [Fact]
    public async Task ARequestThatComesTwiceIsRecordedOnce()
    {
        await using var world = new ReceiverWorld();
        using var client = world.Client();
        var body = $"{ReceiverWorld.Start}[{Event}]}}";

        Assert.Equal(200, (await world.PostAsync(client, body)).Status);
        Assert.Equal(200, (await world.PostAsync(client, body)).Status);

        Assert.Equal([Event], world.Read());
        Assert.Equal((1, 1), (world.Status.ReceivedEvents, world.Status.RepeatedRequests));
    }

    [Theory]
    [InlineData("/other", "application/json", "[]}", 404, "received at /audit")]
    [InlineData("/audit", "text/plain", "[]}", 415, "application/json")]
    [InlineData("/audit", "application/json", "{}", 400, "items is not an array")]
    public async Task AnythingElseGetsItsStatusAndASentence(string path, string type, string items, int status, string sentence)
    {
        await using var world = new ReceiverWorld();
        using var client = world.Client();

        var answer = await world.PostAsync(client, $"{ReceiverWorld.Start}{items}", path, type);

        Assert.Equal(status, answer.Status);
        Assert.Contains(sentence, answer.Text, StringComparison.Ordinal);
        Assert.Empty(world.Read());
        Assert.Equal(1, world.Status.RefusedRequests);
        Assert.Equal(200, (await world.PostAsync(client, $"{ReceiverWorld.Start}[{Event}]}}")).Status);
    }

    [Fact]
    public async Task OtherMethodsAreNotAllowed()
    {
        await using var world = new ReceiverWorld();
        using var client = world.Client();

        using var answer = await client.GetAsync(
            new Uri($"https://127.0.0.1:{await world.PortAsync()}/audit"), TestContext.Current.CancellationToken);

        Assert.Equal(405, (int)answer.StatusCode);
        Assert.Equal(["POST"], answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task ABodyBeyondTheLimitIsTooLargeAndOneAtTheLimitIsNot()
    {
        await using var world = new ReceiverWorld(512 << 20);
        using var client = world.Client();
        var empty = $"{ReceiverWorld.Start}[{{\"kind\":\"Event\",\"a\":\"\"}}]}}";

        var at = await world.PostAsync(client, empty.Replace("\"\"", $"\"{new string('x', (64 << 20) - empty.Length)}\"", StringComparison.Ordinal));
        var beyond = await world.PostAsync(client, empty.Replace("\"\"", $"\"{new string('x', (64 << 20) - empty.Length + 1)}\"", StringComparison.Ordinal));

        Assert.Equal((200, 413), (at.Status, beyond.Status));
        Assert.Contains("--audit-webhook-batch-max-size", beyond.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFullJournalSaysWhenToComeAgainAndLosesNothing()
    {
        await using var world = new ReceiverWorld(1 << 20);
        using var client = world.Client();
        var accepted = new List<string>();
        (int Status, string Text, System.Net.Http.Headers.HttpResponseHeaders Headers) last;
        do
        {
            var one = $"{{\"kind\":\"Event\",\"number\":{accepted.Count},\"a\":\"{new string('x', 100_000)}\"}}";
            last = await world.PostAsync(client, $"{ReceiverWorld.Start}[{one}]}}");
            if (last.Status == 200)
                accepted.Add(one);
        }
        while (last.Status == 200);

        Assert.Equal(429, last.Status);
        Assert.Equal(["5"], last.Headers.GetValues("Retry-After"));
        Assert.Equal(accepted, world.Read());
        Assert.Equal(1, world.Status.DeferredRequests);
        Assert.NotNull(world.Status.LastDeferredAt);
    }

    [Fact]
    public async Task AJournalThatCannotBeWrittenSaysWhenToComeAgain()
    {
        var isHeld = true;
        await using var world = new ReceiverWorld(ensureHeld: () =>
        {
            if (!isHeld)
                throw new IOException("No space left on device");
        });
        using var client = world.Client();
        var body = $"{ReceiverWorld.Start}[{Event}]}}";

        isHeld = false;
        var refused = await world.PostAsync(client, body);
        isHeld = true;
        var accepted = await world.PostAsync(client, body);

        Assert.Equal((503, 200), (refused.Status, accepted.Status));
        Assert.Contains("No space left on device", refused.Text, StringComparison.Ordinal);
        Assert.Equal(["5"], refused.Headers.GetValues("Retry-After"));
        Assert.Equal([Event], world.Read());
    }

    [Fact]
    public async Task WhileLoggingIsOffEventsAreTakenAndDiscarded()
    {
        await using var world = new ReceiverWorld { IsLogging = false };
        using var client = world.Client();

        Assert.Equal(200, (await world.PostAsync(client, $"{ReceiverWorld.Start}[{Event}]}}")).Status);

        Assert.Empty(world.Read());
    }

    [Fact]
    public async Task UntilAnApiServerCallsItSaysWhatIsMissing()
    {
        await using var world = new ReceiverWorld();
        Assert.Contains("kubectl trail policy", world.View.Missing, StringComparison.Ordinal);
        using var client = world.Client();

        await world.PostAsync(client, $"{ReceiverWorld.Start}[{Event}]}}");

        world.Read();
        Assert.Null(world.View.Missing);
    }

    [Fact]
    public async Task WhoeverSendsSlowlyIsEndedAndKeepsNobodyOut()
    {
        await using var world = new ReceiverWorld();
        using var slow = world.Client("slow");
        using var content = new StreamContent(new SlowStream());
        content.Headers.ContentType = new("application/json");
        var url = new Uri($"https://127.0.0.1:{await world.PortAsync()}/audit");
        var ended = Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using var answer = await slow.PostAsync(url, content, TestContext.Current.CancellationToken);
            answer.EnsureSuccessStatusCode();
        });

        using var client = world.Client();
        Assert.Equal(200, (await world.PostAsync(client, $"{ReceiverWorld.Start}[{Event}]}}")).Status);

        await ended.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync("it is counted", () => Task.FromResult(world.Status.RefusedRequests == 1), TestContext.Current.CancellationToken);
        Assert.Equal([Event], world.Read());
    }

    /// <summary>A list of events that does not end: a byte twice a second.</summary>
    sealed class SlowStream : Stream
    {
        int sent;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => sent; set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(500, cancellationToken);
            buffer.Span[0] = (byte)ReceiverWorld.Start[Math.Min(sent++, ReceiverWorld.Start.Length - 1)];
            return 1;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
