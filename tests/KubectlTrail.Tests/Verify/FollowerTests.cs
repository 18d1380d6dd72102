using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Verify;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Chains;
using ClusterTrail.Verification;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Tests.Verify;

/// <summary>The verifier as a service.</summary>
public sealed class FollowerTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly TwoNodes world = new(1);
    readonly List<string> said = [];

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

    [Theory]
    [InlineData("oops")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"lastWhole":null,"nodes":[null],"seen":[]}""")]
    [InlineData("""{"lastWhole":null,"nodes":[],"seen":[null]}""")]
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
        new InMemoryArchive(world.Objects), new VerificationOptions(ArchiveScope.All, new([world.Archive.Operator.Public], []), [], default),
        state, new FixedTime(world.Archive.Now), said.Add);

    sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
