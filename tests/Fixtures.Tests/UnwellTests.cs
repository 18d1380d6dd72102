using ClusterTrail.Testing;

namespace ClusterTrail.Fixtures.Tests;

/// <summary>Tests that skip, fail and hang, for <see cref="ServerFixtureTests"/> to run in a process of their own.</summary>
public sealed class UnwellTests
{
    public const string PidFileVariable = "CLUSTERTRAIL_TEST_PID_FILE";

    [Fact(Explicit = true)]
    public async Task NeedsWhatIsMissing()
    {
        await using var fixture = new FixtureOf(() => throw new MissingPartException("missing: the moon."));
        await fixture.StartedAsync();
        Assert.Fail("It went on without the server.");
    }

    [Fact(Explicit = true)]
    public async Task NeedsWhatDoesNotStart()
    {
        await using var fixture = new FixtureOf(() => throw new ServerFailedException("It fell over."));
        await fixture.StartedAsync();
    }

    [Fact(Explicit = true)]
    public async Task UsesAServerAndFails()
    {
        var server = await new FixtureOf(() => new SleepServer()).StartedAsync();
        await server.Process.WaitUntilReadyAsync(
            _ => Task.FromResult(server.Logs.Tail().Contains("hello", StringComparison.Ordinal)), TestContext.Current.CancellationToken);
        Assert.Fail("On purpose.");
    }

    [Fact(Explicit = true)]
    public async Task StartsAServerAndHangs()
    {
        var server = new SleepServer();
        await File.WriteAllTextAsync(Environment.GetEnvironmentVariable(PidFileVariable)!, $"{server.Process.Id} {server.Logs.Path}\n",
            TestContext.Current.CancellationToken);
        await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
    }

    sealed class FixtureOf(Func<SleepServer> start) : ServerFixture<SleepServer>
    {
        protected override Task<SleepServer> StartAsync(CancellationToken cancellationToken) => Task.FromResult(start());
    }
}
