using ClusterTrail.WebConsole.Queries;

namespace ClusterTrail.WebConsole.Tests.Queries;

public sealed class TimeSlicesTests
{
    [Theory]
    [InlineData(0.05, 0.001)]
    [InlineData(60, 1)]
    [InlineData(3600, 60)]
    [InlineData(86_400, 1800)]
    [InlineData(7 * 86_400, 14_400)]
    [InlineData(365 * 86_400, 604_800)]
    public void ASliceIsARoundTime(double seconds, double width)
    {
        var slices = TimeSlices.Of(SomeRecord.Noon, SomeRecord.Noon.AddSeconds(seconds));

        Assert.Equal(TimeSpan.FromSeconds(width), slices.Width);
        Assert.InRange(slices.Count, 1, TimeSlices.Most);
        Assert.True(slices.Begin(0) <= SomeRecord.Noon);
        Assert.True(slices.End(slices.Count - 1) >= SomeRecord.Noon.AddSeconds(seconds));
    }

    [Fact]
    public void AllOfTimeIsNoProblem()
    {
        var slices = TimeSlices.Of(
            DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc), DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc));

        Assert.InRange(slices.Count, 1, TimeSlices.Most);
        Assert.True(slices.End(slices.Count - 1) > slices.Begin(slices.Count - 1));
    }
}
