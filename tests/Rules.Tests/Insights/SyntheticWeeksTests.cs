using ClusterTrail.Testing.Insights;

namespace ClusterTrail.Rules.Tests.Insights;

/// <summary>The rates that <c>./bench.sh insights</c> measures on more weeks, with a margin for these few.</summary>
public sealed class SyntheticWeeksTests
{
    [Fact]
    public void FalseAlarmsAreRare()
    {
        var measured = MeasuredInsights.OfQuiet(firstSeed: 1, seeds: 3);

        Assert.InRange(measured.LaterAlarms, 0, 1.5);
        Assert.InRange(measured.FirstWeekAlarms, 0, 30);
    }

    [Fact]
    public void TenfoldIncidentsAreFoundWithinThreeMinutes() =>
        Assert.InRange(MeasuredInsights.OfIncidents(firstSeed: 1, seeds: 2, times: 10).Detected, 0.92, 1);

    [Fact]
    public void ThreefoldIncidentsAreFoundWithinThreeMinutes() =>
        Assert.InRange(MeasuredInsights.OfIncidents(firstSeed: 1, seeds: 2, times: 3).Detected, 0.8, 1);
}
