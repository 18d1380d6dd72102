using ClusterTrail.Testing;
using ClusterTrail.Testing.Chains;
using ClusterTrail.Verification.Findings;

namespace ClusterTrail.Verification.Tests;

/// <summary>Whatever somebody does to an archive is found, and called by its name.</summary>
public sealed class ManipulationTests
{
    const int Pairs = 200;

    public static TheoryData<string> Names => [.. Manipulations.All.Select(one => one.Name)];

    [Fact]
    public async Task WithoutAManipulationThereIsNoFinding()
    {
        using var world = new TwoNodes(1);

        var result = await world.Archive.VerifyAsync([world.Head(0), world.Head(1)]);

        Assert.Empty(result.Findings.Findings);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task EachIsFoundAndNothingElse(string name)
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            using var world = new TwoNodes(seed);
            var manipulation = Manipulations.All.Single(one => one.Name == name);
            manipulation.Apply(world, 0);

            var result = await world.Archive.VerifyAsync(world.Heads);

            var failures = result.Findings.Counts.Where(one => one.Kind.Fails()).Select(one => one.Kind).ToList();
            Assert.True(failures.Contains(manipulation.Kind), $"seed {seed}\n{result.Text()}");
            Assert.True(result.CountOf(manipulation.Kind) == manipulation.Count || manipulation.Count == 1, $"seed {seed}\n{result.Text()}");
            Assert.True(failures.All(kind => kind == manipulation.Kind || manipulation.Consequences.Contains(kind)), $"seed {seed}\n{result.Text()}");
            Assert.Equal(failures.Max(), result.Gravest(strict: false));
            Assert.DoesNotContain(result.Findings.Findings, finding => finding.Node?.Node == "node-2");
        }
    }

    [Fact]
    public void TwoAtOnceAreBothFound() => RandomSequences.Run(Pairs, seed =>
    {
        using var world = new TwoNodes(seed);
        var random = new Random(seed);
        Manipulation[] pair = [.. random.GetItems([.. Manipulations.All], 2)];
        if (pair.All(one => one.Name.StartsWith("all digests", StringComparison.Ordinal)))
            return; // then nothing is found, which has a test of its own
        pair[0].Apply(world, 0);
        pair[1].Apply(world, 1);

        var result = world.Archive.VerifyAsync(world.Heads).GetAwaiter().GetResult();

        Assert.All(pair, one => Assert.True(
            result.Findings.Findings.Any(finding => finding.Kind == one.Kind), $"{pair[0]}, {pair[1]}\n{result.Text()}"));
        Assert.Equal(pair.SelectMany(one => (FindingKind[])[one.Kind, .. one.Consequences]).Max(), result.Gravest(strict: false));
    });

    [Fact]
    public void TwoAtOnceOnOneNodeNeverHideEachOther() => RandomSequences.Run(Pairs, seed =>
    {
        using var world = new TwoNodes(seed);
        var random = new Random(seed);
        Manipulation[] alive = [.. Manipulations.All.Where(one => !one.Name.StartsWith("all ", StringComparison.Ordinal) && !one.Name.Contains("time passes"))];
        random.Shuffle(alive);
        var (one, other) = (alive[0], alive[1]);
        one.Apply(world, 0);
        try
        {
            other.Apply(world, 0);
        }
        catch (Exception e) when (e is Archive.Digests.DigestException or KeyNotFoundException or ArgumentException)
        {
            return; // what the second one needs, the first one damaged
        }

        var result = world.Archive.VerifyAsync(world.Heads).GetAwaiter().GetResult();

        Assert.True(
            result.Gravest(strict: false) is { } gravest && result.Findings.Findings.Any(finding => finding.Kind == one.Kind || finding.Kind == other.Kind),
            $"{one}, {other}\n{result.Text()}");
    });

    [Fact]
    public async Task WithoutAnyDigestNothingIsProven()
    {
        using var world = new TwoNodes(1);
        foreach (var name in world.Objects.Keys.Where(name => !name.StartsWith("events/", StringComparison.Ordinal)).ToList())
            world.Objects.Remove(name);

        Assert.Equal(FindingKind.NothingFound, (await world.Archive.VerifyAsync()).Gravest(strict: false));
    }

    [Fact]
    public async Task AnEmptyArchiveIsNotVerified()
    {
        using var archive = new SimulatedArchive();

        Assert.Equal(FindingKind.NothingFound, (await archive.VerifyAsync()).Gravest(strict: false));
    }

    [Fact]
    public async Task AnOlderHeadIsStaleAndFailsOnlyWhenStrict()
    {
        using var world = new TwoNodes(1);
        var head = world.Head(0);
        world.Agents[0].SealDigest();
        world.Agents[0].Deliver();

        var result = await world.Archive.VerifyAsync([head]);

        Assert.Equal((null, FindingKind.StaleHead), (result.Gravest(strict: false), result.Gravest(strict: true)));
    }

    [Fact]
    public async Task WhatCannotBeReadIsNotVerified()
    {
        using var world = new TwoNodes(1);
        var store = new InMemoryArchive(world.Objects);
        store.Unreadable.Add(world.Pick("events", 0));

        var result = await world.Archive.VerifyAsync(store: store);

        Assert.Equal((FindingKind.Unreadable, 1), (result.Gravest(strict: false), result.Gravest(strict: false)!.Value.Code()));
    }
}
