using ClusterTrail.Archive;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Chains;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Verification.Tests;

/// <summary>Whatever somebody does to an archive is found, and called by its name.</summary>
public sealed class ManipulationTests
{
    const int Pairs = 200;

    static readonly DateTimeOffset Begin = new(2026, 3, 1, 22, 0, 0, TimeSpan.Zero);

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

    /// <summary>Where only a period is verified, what was done in it is found all the same.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task EachIsFoundInItsPeriod(string name)
    {
        var manipulation = Manipulations.All.Single(one => one.Name == name);
        for (var seed = 1; seed <= 6; seed++)
        {
            using var world = new TwoNodes(seed);
            var names = world.Objects.Keys.ToList();
            manipulation.Apply(world, 0);
            var whole = await world.Archive.VerifyAsync(world.Heads);
            var random = new Random(seed);
            var since = Begin + TimeSpan.FromSeconds(random.Next(45 * 60));
            var until = since + TimeSpan.FromSeconds(random.Next(25 * 60));
            var scope = seed == 1
                ? ArchiveScope.All with { Since = Begin - TimeSpan.FromDays(3000), Until = world.Archive.Now.AddDays(1) }
                : ArchiveScope.All with { Since = since, Until = random.Next(3) == 0 ? null : until };

            var result = await world.Archive.VerifyAsync(world.Heads, scope);

            Assert.All(whole.Findings.Findings.Where(one => one.Kind.Fails() && IsIn(scope, one, names)), one => Assert.True(
                result.CountOf(one.Kind) > 0, $"seed {seed}, {scope}: {one}\n{result.Text()}"));
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
        foreach (var (node, one) in pair.Index().OrderByDescending(one => one.Item.TakesTime))
            one.Apply(world, node);

        var result = world.Archive.VerifyAsync(world.Heads).GetAwaiter().GetResult();

        Assert.All(pair, one => Assert.True(
            result.Findings.Findings.Any(finding => finding.Kind == one.Kind), $"{pair[0]}, {pair[1]}\n{result.Text()}"));
        Assert.True(
            pair.SelectMany(one => (FindingKind[])[one.Kind, .. one.Consequences]).Max() == result.Gravest(strict: false),
            $"{pair[0]}, {pair[1]}\n{result.Text()}");
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
        catch (Exception e) when (e is DigestException or KeyNotFoundException or ArgumentException)
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

    // By its own name, or by that of the digest that is missing.
    static bool IsIn(ArchiveScope scope, ArchiveFinding finding, IEnumerable<string> names)
    {
        var number = finding.Subject.StartsWith("digest ", StringComparison.Ordinal) ? $"-agent-{long.Parse(finding.Subject[7..]):D8}-" : null;
        return names.Append(finding.Subject).Any(name =>
            (name == finding.Subject || (number is not null && name.Contains(number, StringComparison.Ordinal) && name.Contains("/node=node-1/")))
            && ((DigestName.TryParse(name, out var digest) && scope.Contains(digest.SealedAt))
                || (BatchName.TryParse(name, out var batch) && scope.Contains(batch.FirstEvent))));
    }
}
