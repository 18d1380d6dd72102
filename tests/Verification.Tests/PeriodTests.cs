using ClusterTrail.Archive;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Testing.Chains;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Verification.Tests;

/// <summary>What is done to a period is found where only this period is verified.</summary>
public sealed class PeriodTests : IDisposable
{
    // Digests are sealed at 22:00, 22:05 and so on until 22:45.
    const int First = 3;
    const int Last = 5;

    static readonly DateTimeOffset Since = new(2026, 3, 1, 22, 12, 0, TimeSpan.Zero);
    static readonly ArchiveScope Period = ArchiveScope.All with { Since = Since, Until = Since + TimeSpan.FromMinutes(15) };

    readonly TwoNodes world = new(1);

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task NothingIsFoundInOneThatNobodyTouched() => Assert.Null(await GravestAsync());

    [Theory]
    [InlineData(First, First)]
    [InlineData(Last, Last)]
    [InlineData(First, Last)]
    [InlineData(First - 1, Last + 1)]
    [InlineData(0, Last)]
    public async Task MissingDigestsAreFound(int from, int to)
    {
        Remove(from, to);

        Assert.Equal(FindingKind.MissingDigest, await GravestAsync());
    }

    [Fact]
    public async Task JunkUnderTheirNumbersHidesNone()
    {
        Remove(First, Last);
        for (var sequence = First; sequence <= Last + 2; sequence++)
            Junk($"2020-01-01/node=node-1/000000000-agent-{sequence:D8}");
        Junk("2027-01-01/node=node-1/000000000-agent-00009999");

        Assert.Equal(FindingKind.MissingDigest, await GravestAsync());
    }

    [Fact]
    public async Task DigestsUnderNamesOfAnotherTimeAreFound()
    {
        foreach (var name in world.Names("digests", 0)[First..(Last + 1)])
        {
            world.Objects.Remove(name, out var bytes);
            world.Objects[name.Replace("date=2026-03-01", "date=2025-03-01", StringComparison.Ordinal)] = bytes!;
        }

        Assert.Equal(FindingKind.MisnamedObject, await GravestAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(16)]
    [InlineData(9999)]
    public async Task AnAddedObjectIsFound(long sequence)
    {
        var name = world.Names("events", 0)[0];
        Assert.True(BatchName.TryParse(name, out var batch));
        world.Objects[(batch with { FirstEvent = Since + TimeSpan.FromMinutes(5), Sequence = sequence }).ToString()] = [1, 2, 3];

        Assert.Equal(FindingKind.UnnamedObject, await GravestAsync());
    }

    [Fact]
    public async Task ANodeThatSaysNothingInItIsOverdue()
    {
        Remove(First, 9);
        foreach (var name in world.Names("events", 0).Where(IsLate).ToList())
            world.Objects.Remove(name);

        Assert.Equal(
            FindingKind.DigestOverdue,
            await GravestAsync(Period with { Until = Since + TimeSpan.FromMinutes(25) }));
    }

    [Fact]
    public async Task ANodeThatStoppedBeforeItIsNot()
    {
        world.Agents[0].SealDigest(DigestReason.Stop);
        world.Agents[0].Deliver();
        var later = world.Archive.Now + TimeSpan.FromHours(2);
        world.Archive.Now += TimeSpan.FromHours(5);

        Assert.Null(await GravestAsync(
            new(null, null, "node-1", later, later + TimeSpan.FromHours(1)), FindingKind.NothingFound));
    }

    static bool IsLate(string name) => BatchName.TryParse(name, out var batch) && batch.FirstEvent > Since - TimeSpan.FromMinutes(3);

    void Remove(int from, int to)
    {
        foreach (var name in world.Names("digests", 0)[from..(to + 1)])
        {
            foreach (var one in world.Digest(name).Objects)
                world.Objects.Remove(one.Name);
            world.Objects.Remove(name);
        }
    }

    void Junk(string name) => world.Objects[$"digests/cluster=demo/trail=main/date={name}-0123456789abcdef.json"] = [1, 2, 3];

    async Task<FindingKind?> GravestAsync(ArchiveScope? scope = null, FindingKind? but = null)
    {
        var result = await world.Archive.VerifyAsync(scope: scope ?? Period);
        return result.Findings.Counts.Where(one => one.Kind.Fails() && one.Kind != but).Max(one => (FindingKind?)one.Kind);
    }
}
