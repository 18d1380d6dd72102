using System.Net;
using System.Text.Json.Nodes;
using ClusterTrail.Archive.Digests;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Verify;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Chains;
using ClusterTrail.Verification;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Tests.Verify;

/// <summary>The verifier as a service.</summary>
public sealed class FollowerTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly TwoNodes world = new(1);
    readonly List<string> said = [];
    readonly HashSet<string> unreadable = [];

    public void Dispose()
    {
        world.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task ItGoesOnWhereItWasAndCountsAFindingOnce()
    {
        await RoundAsync();
        Assert.Empty(said);
        world.Archive.Now += TimeSpan.FromMinutes(5);
        world.Agents[0].SealBatch();
        world.Agents[0].Deliver();
        world.Agents[0].SealDigest();
        world.Agents[0].Deliver();
        var deleted = world.Names("events", 0)[^1];
        world.Objects.Remove(deleted);

        await RoundAsync();
        var state = await RoundAsync();

        Assert.Single(said);
        Assert.Contains(deleted, said[0], StringComparison.Ordinal);
        var node = state.Nodes.Single(one => one.Node.Node == "node-1");
        Assert.Equal(1, node.Findings["MissingObject"]);
        Assert.Equal(world.Archive.Now - TimeSpan.FromMinutes(5), node.VerifiedUntil);
        Assert.Equal(world.Archive.Now, node.LastDigest);
        Assert.False(state.Nodes.Single(one => one.Node.Node == "node-2").HasFailed);
    }

    [Fact]
    public async Task WhatWasGoneInAWholeRoundCountsAgain()
    {
        var name = world.Pick("events", 0);
        world.Objects.Remove(name, out var bytes);
        await RoundAsync();
        world.Objects[name] = bytes!;
        world.Pass(TimeSpan.FromMinutes(5));
        // A round of what is new does not look there.
        await RoundAsync();
        world.Objects.Remove(name);
        world.Pass(TimeSpan.FromDays(1));
        await RoundAsync();
        Assert.Single(said);

        world.Objects[name] = bytes!;
        world.Pass(TimeSpan.FromDays(1));
        await RoundAsync();
        world.Objects.Remove(name);
        world.Pass(TimeSpan.FromDays(1));
        var state = await RoundAsync();

        Assert.Equal(2, said.Count(one => one.Contains(name, StringComparison.Ordinal)));
        Assert.Equal(2, state.Nodes.Single(one => one.Node.Node == "node-1").Findings["MissingObject"]);
    }

    [Fact]
    public async Task OfANodeThatCannotBeReadNothingIsForgotten()
    {
        var names = new[] { world.Pick("events", 0), world.Pick("events", 1) };
        var bytes = names.Select(name => world.Objects[name]).ToList();
        names.ToList().ForEach(name => world.Objects.Remove(name));
        await RoundAsync();
        Assert.Equal(2, said.Count);

        // Of the first one, somebody took the permission away; the second one was mended.
        world.Objects[names[1]] = bytes[1];
        world.Pass(TimeSpan.FromDays(1));
        unreadable.Add(world.Names("digests", 0)[3]);
        await RoundAsync();
        unreadable.Clear();
        world.Pass(TimeSpan.FromDays(1));
        await RoundAsync();
        world.Objects.Remove(names[1]);
        world.Pass(TimeSpan.FromDays(1));
        await RoundAsync();

        Assert.Equal([1, 2], names.Select(name => said.Count(one => one.Contains(name, StringComparison.Ordinal))));
    }

    [Fact]
    public void WhatAnEarlierVersionRememberedIsStillKnown()
    {
        var finding = new ArchiveFinding(FindingKind.MissingObject, world.Head(0).Node, "agent", "x", "It is not there.");
        var seen = new SeenFindings();
        Assert.True(seen.IsNew(finding));
        var (hash, node) = (seen.Saved[0].Split(' ')[0], seen.Saved[0].Split(' ')[1]);

        var earlier = new SeenFindings();
        earlier.Add([hash]);
        var later = new SeenFindings();
        later.Add(seen.Saved);

        Assert.Equal((32, "demo/main/node-1"), (hash.Length, node));
        Assert.False(earlier.IsNew(finding));
        Assert.False(later.IsNew(finding));
        Assert.Equal(seen.Saved, earlier.Saved);
    }

    [Fact]
    public async Task MetricsSayHowFarItIs()
    {
        var state = FollowerState.Load(null);
        var follower = Follower(state);
        world.Objects.Remove(world.Pick("events", 0));
        await follower.RoundAsync(TestContext.Current.CancellationToken);
        using var service = new FollowerService(follower, state);
        await using var server = await service.StartAsync("127.0.0.1:0", TestContext.Current.CancellationToken);
        using var client = new HttpClient();

        var page = await client.GetStringAsync(new Uri(server.Url, "/metrics"), TestContext.Current.CancellationToken);

        Assert.Matches("""(?m)^clustertrail_verified_until_timestamp_seconds\{cluster="demo",node="node-2",trail="main"\} 1\.?\d+""", page);
        Assert.Matches("""(?m)^clustertrail_chain_last_digest_timestamp_seconds\{cluster="demo",node="node-1",trail="main"\} 1\.?\d+""", page);
        Assert.Matches("""(?m)^clustertrail_verification_findings_total\{cluster="demo",kind="MissingObject",node="node-1",trail="main"\} 1""", page);
        Assert.Equal("ok\n", await client.GetStringAsync(new Uri(server.Url, "/readyz"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WhatIsRemovedLaterIsMissedAlsoAfterARestart()
    {
        world.Agents[0].SealDigest(DigestReason.Stop);
        world.Agents[0].SealDigest(DigestReason.Start);
        world.Agents[0].Deliver();
        await RoundAsync();
        world.Objects.Remove(world.Names("digests", 0)[^1]);
        foreach (var kind in new[] { "events", "digests", "keys" })
            world.Names(kind, 1).ForEach(name => world.Objects.Remove(name));

        await RoundAsync();
        var state = await RoundAsync();

        Assert.Equal(2, said.Count);
        Assert.All(said, one => Assert.StartsWith("CutOffTail (48) ", one, StringComparison.Ordinal));
        Assert.Equal([1, 10], state.Nodes.Select(one => one.Findings["CutOffTail"]));
        Assert.All(state.Nodes, one => Assert.True(one.HasFailed));
    }

    [Fact]
    public async Task AChainThatNobodyKnowsIsNotMissed()
    {
        using var other = SigningKey.Generate();
        var digest = world.Digest(world.Names("digests", 0)[0]);
        await RoundAsync();
        var name = world.Put(
            digest with { Key = other.Public, ChainId = new('e', 32), Until = new(1, 1, 1, 0, 30, 0, TimeSpan.Zero) }, other);
        var during = await RoundAsync();
        world.Objects.Remove(name);

        await RoundAsync();

        Assert.All(said, one => Assert.StartsWith("UnknownKey (53) ", one, StringComparison.Ordinal));
        Assert.All(during.Nodes, one => Assert.Equal(world.Archive.Now, one.LastDigest));
    }

    [Fact]
    public async Task AnEmptyArchiveIsNotReady()
    {
        var state = FollowerState.Load(folder.Path);
        var follower = Follower(state);
        await follower.RoundAsync(TestContext.Current.CancellationToken);
        world.Objects.Clear();
        await follower.RoundAsync(TestContext.Current.CancellationToken);
        await follower.RoundAsync(TestContext.Current.CancellationToken);
        using var service = new FollowerService(follower, state);
        await using var server = await service.StartAsync("127.0.0.1:0", TestContext.Current.CancellationToken);
        using var client = new HttpClient();

        var page = await client.GetStringAsync(new Uri(server.Url, "/metrics"), TestContext.Current.CancellationToken);
        using var ready = await client.GetAsync(new Uri(server.Url, "/readyz"), TestContext.Current.CancellationToken);

        Assert.Matches("(?m)^clustertrail_verifier_nothing_found 1$", page);
        Assert.Matches("""(?m)^clustertrail_verification_findings_total\{cluster="",kind="NothingFound",node="",trail=""\} 1$""", page);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains(
            "there is no digest in the archive", await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Single(said, one => one.StartsWith("NothingFound (56) [archive] ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AStateWithTheFirstOfAllTimesIsNoReasonToEnd()
    {
        await RoundAsync();
        var path = folder.Join("verifier.json");
        var saved = JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!;
        foreach (var node in saved["nodes"]!.AsArray())
            node!["place"] = "0001-01-01T00:00:00+00:00";
        await File.WriteAllTextAsync(path, saved.ToJsonString(), TestContext.Current.CancellationToken);

        await RoundAsync();

        Assert.Empty(said);
    }

    [Theory]
    [InlineData("oops")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"lastWhole":null,"nodes":[null],"seen":[]}""")]
    [InlineData("""{"lastWhole":null,"nodes":[],"seen":[null]}""")]
    [InlineData("""{"lastWhole":null,"nodes":[{"node":null,"findings":{}}],"seen":[]}""")]
    [InlineData("""{"lastWhole":null,"nodes":[],"seen":[],"heads":[null]}""")]
    [InlineData("""{"lastWhole":null,"nodes":[],"seen":[],"heads":[{"node":null,"chain":"a","head":null,"isNewest":true}]}""")]
    public void ADamagedStateIsNamed(string content)
    {
        File.WriteAllText(folder.Join("verifier.json"), content);

        var failure = Assert.Throws<TrailException>(() => FollowerState.Load(folder.Path));

        Assert.Equal(ExitCode.BadUsage, failure.ExitCode);
        Assert.Contains("verifier.json cannot be read", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnlyItsOwnerMayReadTheState()
    {
        await RoundAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.Join("verifier.json")));
    }

    // Each round is that of a process that was started anew.
    async Task<FollowerState> RoundAsync()
    {
        var state = FollowerState.Load(folder.Path);
        await Follower(state).RoundAsync(TestContext.Current.CancellationToken);
        return state;
    }

    Follower Follower(FollowerState state) => new(
        Store(), new VerificationOptions(ArchiveScope.All, new([world.Archive.Operator.Public], []), [], default),
        state, new FixedTime(world.Archive.Now), said.Add);

    InMemoryArchive Store()
    {
        var store = new InMemoryArchive(world.Objects);
        store.Unreadable.UnionWith(unreadable);
        return store;
    }

    sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
