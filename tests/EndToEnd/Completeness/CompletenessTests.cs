using System.Text.Json;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract.Completeness;
using ClusterTrail.Contract.Status;
using ClusterTrail.Fixtures;
using ClusterTrail.Kubernetes.Client;
using ClusterTrail.Kubernetes.Connecting;
using ClusterTrail.Operator.Agents;
using ClusterTrail.Operator.Completeness;
using ClusterTrail.Operator.Model;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.EndToEnd.Completeness;

/// <summary>A real API server counts what it makes, a real agent what it reads, and both numbers are compared.</summary>
[Requires(Requires.Cluster)]
public sealed class CompletenessTests : IAsyncLifetime
{
    readonly CountTracker tracker = new("cp-1", null);
    ComparedNode node = null!;
    ApiServerPages pages = null!;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        node = new("cp-1", await ClusterServer.StartAsync(ComparedNode.Options, Cancellation).OrSkipAsync());
        pages = new(ClusterConnection.Find(node.Server.Admin.Kubeconfig));
        await node.StartAgentAsync();
    }

    public async ValueTask DisposeAsync()
    {
        pages?.Dispose();
        if (node is not null)
            await node.DisposeAsync();
    }

    [Fact]
    public async Task ThroughKillsAndRotationsBothCountTheSame()
    {
        await BegunExactlyAsync();
        for (var round = 0; round < 3; round++)
        {
            var load = node.LoadAsync(Cancellation);
            await Task.Delay(100, Cancellation);
            node.Agent.Kill();
            await load;
            await node.StartAgentAsync();
            await ComparedExactlyAsync();
            Assert.Equal((0, 0, 0), (tracker.View!.MissingAtLeast, tracker.View.MissingAtMost, tracker.View.SurplusAtLeast));
        }

        Assert.True(node.Rotated.Count > 1, "no rotation");
        var before = tracker.View!;

        // Its counts begin anew.
        node.Server.Kill();
        await node.Server.RestartAsync(Cancellation);
        await node.LoadAsync(Cancellation);
        await BegunExactlyAsync();
        await node.LoadAsync(Cancellation);
        await ComparedExactlyAsync();

        Assert.NotEqual(before.Server, tracker.View!.Server);
        Assert.Equal(before.Agent, tracker.View.Agent);
        Assert.Equal((0, 0, 0), (tracker.View.MissingAtLeast, tracker.View.MissingAtMost, tracker.View.SurplusAtLeast));
        Assert.Equal(0, tracker.View.EarlierMissing);
    }

    [Fact]
    public async Task AFileThatWasLostIsToldWithTheNumberOfItsEvents()
    {
        await BegunExactlyAsync();
        var events = await node.LoseEventsAsync(Cancellation);
        // It takes three quiet rounds that follow each other.
        for (var round = 0; round < 12 && (round < 3 || tracker.View!.MissingAtLeast < events); round++)
            await ComparedExactlyAsync();

        var view = tracker.View!;
        Assert.Equal((events, events), (view.MissingAtLeast, view.MissingAtMost));
        Assert.NotNull(view.FoundAt);
        TestContext.Current.SendDiagnosticMessage($"{events} events of {view.Events} were lost, and told: {view.Reason}");

        // As the operator sends it; the agent's last digest has it.
        var word = await SendAsync(view);
        var held = (await node.StatusAsync(Cancellation)).Integrity!.Completeness!;
        Assert.Equal((word.At, word.Hash), (held.At, held.Hash));
        Assert.Equal(0, await node.Agent.StopAsync());
        var digest = node.Digests[^1];
        Assert.Equal(DigestReason.Stop, digest.Reason);
        Assert.Equal((events, events, view.Reason), (
            digest.Completeness!.Counts!.Missing, digest.Completeness.Counts.MostMissing, digest.Completeness.Counts.Reason));
        Assert.Equal(SignedTime.Cut(view.LastAt!.Value), digest.Completeness.At);
    }

    async Task<CompletenessHandover> SendAsync(TrailCompleteness count)
    {
        var view = new CompletenessView([count])
        {
            ComparedAt = new Dictionary<string, DateTimeOffset> { [count.Name] = count.LastAt!.Value },
        };
        var word = CompletenessWord.Of(view, "main", count.Name, DateTimeOffset.UtcNow)!;
        using var post = new SignedPost();
        Assert.Null(await post.SendAsync(
            $"{(await node.Agent.Url).ToString().TrimEnd('/')}{CompletenessHandover.Path}", CompletenessHandover.Purpose, ComparedNode.Key,
            JsonSerializer.SerializeToUtf8Bytes(word, CompletenessJson.Default.CompletenessHandover), Cancellation));
        return word;
    }

    // Three quiet rounds show to the event where the counts begin.
    async Task BegunExactlyAsync()
    {
        for (var round = 0; round < 3; round++)
            await ComparedExactlyAsync();
    }

    // As the operator does, until a round was quiet: then what is missing is known to the event.
    async Task ComparedExactlyAsync()
    {
        var one = node.Endpoint;
        var servers = new ApiServers(null!, pages);
        var pairs = new CountPairs(_ => "cp-1", ["cp-1"], ComparedSource.Log);
        await Eventually.HoldsAsync("a round is quiet, and the agent is not behind", TimeSpan.FromSeconds(90), async () =>
        {
            var before = (await servers.CountAsync([one], Cancellation))[one];
            await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
            var status = await node.StatusAsync(Cancellation);
            var after = (await servers.CountAsync([one], Cancellation))[one];
            var (rounds, _) = pairs.Compare(
                [new(one, before, after)], new Dictionary<string, AgentStatus?> { ["cp-1"] = status }, DateTimeOffset.UtcNow);
            if (rounds.Count == 0)
                return false;
            tracker.Take(rounds[0].Round);
            return before.Counters!.Events == after.Counters!.Events;
        }, Cancellation);
    }
}
