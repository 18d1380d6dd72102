using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Rules.Tests.Insights;

/// <summary>What is drawn of a rate.</summary>
public sealed class SubjectRatesTests
{
    static readonly Minute Start = Minute.Of(new(2026, 2, 2, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void TheBandIsThereOnceEnoughIsKnown()
    {
        var rates = new SubjectRates(new(null, "list", "", "pods")) { Measure = RateMeasure.Calls };
        for (var at = 0; at < 9 * 24 * 60; at++)
            rates.Take(Start.Plus(at), calls: 20, errors: 0);
        var (before, known) = (rates.Minutes[Method.LeastMinutes - 2], rates.Minutes[^1]);

        Assert.Null(before.Usual);
        Assert.Equal(20, known.Rate);
        Assert.Equal(20, known.Usual!.Value, 0.1f);
        Assert.InRange(known.Unusual!.Value, 44, 60);
        Assert.Empty(rates.Found);

        rates.Take(known.Minute.Plus(1), calls: 70, errors: 0);
        rates.Take(known.Minute.Plus(2), calls: 70, errors: 0);

        var found = Assert.Single(rates.Found);
        Assert.Equal(("list pods", StretchEnd.None), ($"{found.Subject}", found.End));
    }

    [Theory]
    [InlineData(0.4f)]
    [InlineData(20)]
    [InlineData(300)]
    public void TheBandEndsWhereAMinuteIsUnusualByItself(float rate)
    {
        var series = new RateSeries(floor: 2);
        for (var at = 0; at < 120; at++)
            series.Note(Start.Plus(at), rate, series.Judge(Start.Plus(at), rate, 0), isLearnt: true);
        var next = Start.Plus(120);

        var limit = series.Limit(next, series.Baseline(next, 0));

        Assert.False(series.IsUnusual(next, series.Judge(next, MathF.Floor(limit) - 1, 0)));
        Assert.True(series.IsUnusual(next, series.Judge(next, MathF.Ceiling(limit) + 1, 0)));
    }

    [Fact]
    public void ErrorsThatGrowWithTheCallsAreUsual()
    {
        var rates = new SubjectRates(new("ann", null, null, null)) { Measure = RateMeasure.Errors };
        for (var at = 0; at < 120; at++)
            rates.Take(Start.Plus(at), calls: 100, errors: 10);

        rates.Take(Start.Plus(120), calls: 500, errors: 50);

        Assert.Equal((50, 50), (rates.Minutes[^1].Rate, rates.Minutes[^1].Usual));
    }

    [Fact]
    public void AfterAGapOfHoursNothingIsJudged()
    {
        var rates = new SubjectRates(new("ann", null, null, null)) { Measure = RateMeasure.Calls };
        for (var at = 0; at < 120; at++)
            rates.Take(Start.Plus(at), calls: 10, errors: 0);

        rates.Take(Start.Plus(400), calls: 10, errors: 0);

        Assert.Null(rates.Minutes[^1].Usual);
    }
}
