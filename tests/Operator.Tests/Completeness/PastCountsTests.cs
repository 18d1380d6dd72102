using ClusterTrail.Operator.Completeness;

namespace ClusterTrail.Operator.Tests.Completeness;

public sealed class PastCountsTests
{
    readonly FakeClock time = new();

    [Fact]
    public void TheNewestThatAreOldEnoughAreTaken()
    {
        var past = new PastCounts(time);
        var (first, second) = (Counts(), Counts());
        past.Add(first);
        time.Pass(TimeSpan.FromMinutes(1));
        past.Add(second);

        time.Pass(TimeSpan.FromMinutes(4));
        Assert.Same(first, past.Before(TimeSpan.FromMinutes(5)));
        time.Pass(TimeSpan.FromMinutes(1));
        Assert.Same(second, past.Before(TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public void AClockThatIsSetMakesNothingOlder()
    {
        var past = new PastCounts(time);
        past.Add(Counts());

        time.Set(TimeSpan.FromMinutes(6));
        time.Pass(TimeSpan.FromSeconds(30));

        Assert.Null(past.Before(TimeSpan.FromMinutes(5)));
    }

    static Dictionary<ApiServer, CountsAnswer> Counts() => [];

    // Its wall time jumps, its timestamps do not.
    sealed class FakeClock : TimeProvider
    {
        TimeSpan passed;
        TimeSpan set;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Some.Noon + passed + set;

        public override long GetTimestamp() => passed.Ticks;

        public void Pass(TimeSpan time) => passed += time;

        public void Set(TimeSpan ahead) => set += ahead;
    }
}
