using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Rules.Tests.Insights;

/// <summary>What was seen in the last 90 days.</summary>
public sealed class SeenSetTests
{
    readonly SeenSet set = new();

    [Fact]
    public void ThingsAreNewOnceUntilTheyWereNotSeenForNinetyDays()
    {
        Assert.True(set.Add(7, 100, out _));
        Assert.False(set.Add(7, 150, out var since));
        Assert.Equal(100, since);

        set.Expire(150 + SeenSet.Days);
        Assert.False(set.Add(7, 150, out _));

        set.Expire(151 + SeenSet.Days);
        Assert.True(set.Add(7, 241, out _));
    }

    [Fact]
    public void WithoutRoomThoseNotSeenForLongestLeave()
    {
        for (var at = 1UL; at <= SeenSet.MaxCount + 1; at++)
        {
            set.Add(at << 32, (ushort)(at % 2), out _);
        }

        Assert.InRange(set.Count, SeenSet.MaxCount / 4 * 3, SeenSet.MaxCount - 1);
        Assert.Equal(SeenSet.MaxCount + 1 - set.Count, set.Forgotten);
        Assert.False(set.Add(99UL << 32, 1, out _));
    }

    [Fact]
    public void AFloodOnOneDayLeavesNoRunOfThousandsOfSlots()
    {
        var (random, set) = (new Random(5), new SeenSet());
        for (var at = 0; at < 6 * SeenSet.MaxCount; at++)
            set.Add((ulong)random.NextInt64(), day: 100, out _);

        var (longest, run) = (0, 0);
        foreach (ref readonly var thing in set.Things)
        {
            run = thing.IsEmpty ? 0 : run + 1;
            longest = Math.Max(longest, run);
        }

        // A table with three quarters of its slots in use has runs of a few hundred.
        Assert.InRange(longest, 1, 5000);
    }
}
