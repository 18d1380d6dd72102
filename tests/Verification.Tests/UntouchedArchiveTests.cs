using ClusterTrail.Testing;
using ClusterTrail.Testing.Chains;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Verification.Tests;

/// <summary>Whatever happened to the agents: where nobody touched the archive, there is no alarm.</summary>
public sealed class UntouchedArchiveTests
{
    const int Archives = 200;

    [Fact]
    public void AnArchiveThatNobodyTouchedIsVerified() => RandomSequences.Run(Archives, seed =>
    {
        using var random = new RandomArchive(seed);

        var result = random.Archive.VerifyAsync().GetAwaiter().GetResult();

        Assert.True(result.Gravest(strict: false) is null, result.Text());
        Assert.Equal(random.Agents.Count, result.Chains.Count(chain => chain.IsNewest));
        Assert.All(result.Chains, chain => Assert.Equal(chain.Until, chain.VerifiedUntil));
    });

    /// <summary>Also against what the operator knows, in an outage at the end.</summary>
    [Fact]
    public void InAnOutageItReachesWhatTheSinkHasConfirmed() => RandomSequences.Run(Archives, seed =>
    {
        using var random = new RandomArchive(seed);
        var (chance, heads) = (new Random(seed), new List<KnownHead>());
        foreach (var agent in random.Agents)
        {
            agent.IsOut = chance.Next(2) == 0;
            for (var digests = chance.Next(4); digests > 0 && !agent.IsStopped; digests--)
                agent.SealDigest();
            agent.Deliver(chance.NextDouble());
            var node = new ArchiveNode(agent.Owner.Cluster, agent.Owner.Trail, agent.Owner.Node);
            if (agent.Delivered is { } confirmed)
                heads.Add(new(node, agent.Owner.Chain, confirmed, "the status"));
            heads.Add(new(node, agent.Owner.Chain, random.Archive.HeadOf(agent), "the status") { WaitingSince = random.Archive.Now });
        }

        var result = random.Archive.VerifyAsync(heads).GetAwaiter().GetResult();

        Assert.True(result.Gravest(strict: false) is null, result.Text());
    });

    [Fact]
    public void EachPeriodOfItIsVerifiedByItself() => RandomSequences.Run(Archives, seed =>
    {
        using var random = new RandomArchive(seed);
        var (chance, begin) = (new Random(seed), new DateTimeOffset(2026, 3, 1, 22, 0, 0, TimeSpan.Zero));
        var length = random.Archive.Now - begin;
        var (one, other) = (begin + (length * chance.NextDouble()), begin + (length * chance.NextDouble()));
        var scope = ArchiveScope.All with { Since = one < other ? one : other, Until = chance.Next(2) == 0 ? null : one < other ? other : one };

        var result = random.Archive.VerifyAsync(scope: scope).GetAwaiter().GetResult();

        Assert.True(
            result.Gravest(strict: false) is null or FindingKind.NothingFound && result.Findings.Counts.All(found => !found.Kind.Fails()
                || found.Kind == FindingKind.NothingFound),
            result.Text());
    });
}
