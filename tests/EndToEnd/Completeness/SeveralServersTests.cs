using ClusterTrail.Contract.Status;
using ClusterTrail.Fixtures;
using ClusterTrail.Kubernetes;
using ClusterTrail.Kubernetes.Client;
using ClusterTrail.Kubernetes.Connecting;
using ClusterTrail.Operator.Completeness;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.EndToEnd.Completeness;

/// <summary>Two real API servers over one store, each with its own log and agent, as of two control-plane nodes.</summary>
[Requires(Requires.Cluster)]
public sealed class SeveralServersTests : IAsyncLifetime
{
    readonly List<ComparedNode> nodes = [];
    readonly TrailCounts counts = new([], DateTimeOffset.UtcNow);
    readonly TrailCounts sums = new([], DateTimeOffset.UtcNow);
    ApiServerPages pages = null!;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var first = await ClusterServer.StartAsync(ComparedNode.Options, Cancellation).OrSkipAsync();
        nodes.Add(new("cp-1", first));
        nodes.Add(new("cp-2", await first.StartBesideAsync(Cancellation), "10.0.0.2"));
        pages = new(ClusterConnection.Find(first.Admin.Kubeconfig));
        foreach (var node in nodes)
            await node.StartAgentAsync();
    }

    public async ValueTask DisposeAsync()
    {
        pages?.Dispose();
        foreach (var node in nodes.AsEnumerable().Reverse())
            await node.DisposeAsync();
    }

    [Fact]
    public async Task WhatOneOfThemLostIsToldOfItsNodeAndInTheSum()
    {
        await ComparedAsync(quietRounds: 3);
        await Task.WhenAll(nodes.Select(node => node.LoadAsync(Cancellation)));
        await ComparedAsync(quietRounds: 3, missing: 0);
        Assert.All(Of(counts), count => Assert.Equal((0, 0), (count.MissingAtLeast, count.MissingAtMost)));

        var lost = await nodes[1].LoseEventsAsync(Cancellation);
        await nodes[0].LoadAsync(Cancellation);
        await ComparedAsync(quietRounds: 4, lost);

        Assert.Equal(
            [("cp-1", 0L, 0L), ("cp-2", lost, lost)],
            Of(counts).Select(count => (count.Name, count.MissingAtLeast, count.MissingAtMost)));
        var all = Assert.Single(Of(sums));
        Assert.Equal(lost, all.MissingAtLeast);
        // Both are seldom quiet in the same rounds of the beginning.
        Assert.InRange(all.MissingAtMost, lost, lost + 20);

        // It counts from 0, and what was made before was read.
        nodes[0].Server.Kill();
        await nodes[0].Server.RestartAsync(Cancellation);
        await nodes[0].LoadAsync(Cancellation);
        await ComparedAsync(quietRounds: 3);

        Assert.Equal(
            [("cp-1", 0L), ("cp-2", lost)], Of(counts).Select(count => (count.Name, count.MissingAtLeast + count.EarlierMissing)));
    }

    // As the operator does, until so many rounds were quiet: then what is missing is known to the event. Of a round that found an agent
    // late less is known, and it is told until a later one shows better.
    async Task ComparedAsync(int quietRounds, long? missing = null)
    {
        var servers = new ApiServers(null!, new AtLoopback(pages));
        var endpoints = nodes.Select(node => node.Endpoint).ToList();
        await Eventually.HoldsAsync($"{quietRounds} rounds are quiet, and no agent is behind", TimeSpan.FromSeconds(120), async () =>
        {
            var before = await servers.CountAsync(endpoints, Cancellation);
            await Task.Delay(ComparedSource.UntilRead, Cancellation);
            var agents = new Dictionary<string, AgentStatus?>();
            foreach (var node in nodes)
                agents[node.Name] = await node.StatusAsync(Cancellation);
            var after = await servers.CountAsync(endpoints, Cancellation);
            List<ServerCounts> made = [.. endpoints.Select(one => new ServerCounts(one, before[one], after[one]))];
            var isQuiet = Take(made, agents) && endpoints.All(one => before[one].Counters!.Events == after[one].Counters!.Events);
            quietRounds -= isQuiet ? 1 : 0;
            return quietRounds <= 0 && (missing is null || IsKnown(missing.Value));
        }, Cancellation);
    }

    bool IsKnown(long missing) => Of(counts).Sum(count => count.MissingAtMost) <= missing
        && new[] { counts, sums }.All(one => Of(one).Sum(count => count.MissingAtLeast) >= missing);

    bool Take(List<ServerCounts> made, Dictionary<string, AgentStatus?> agents)
    {
        var (now, all) = (DateTimeOffset.UtcNow, nodes.ConvertAll(node => node.Name));
        var (rounds, _) = new CountPairs(NodeOf, all, ComparedSource.Log).Compare(made, agents, now);
        foreach (var (name, round) in rounds)
            counts.Take(name, round);
        var (whole, _) = new CountPairs(_ => null, all, ComparedSource.Log).Compare(made, agents, now);
        foreach (var (name, round) in whole)
            sums.Take(name, round);
        return rounds.Count == all.Count && whole.Count == 1;
    }

    string? NodeOf(string address) => nodes.Find(node => node.Endpoint.Host == address)?.Name;

    static IReadOnlyList<TrailCompleteness> Of(TrailCounts counts) => counts.At(DateTimeOffset.UtcNow, _ => true);

    // Each has an address of its own, so that nodes are told apart, and is reached here all the same.
    sealed class AtLoopback(ApiServerPages pages) : IApiServerPages
    {
        public Task<Stream> MetricsAsync(string address, CancellationToken cancellationToken) =>
            pages.MetricsAsync($"127.0.0.1{address[address.LastIndexOf(':')..]}", cancellationToken);
    }
}
