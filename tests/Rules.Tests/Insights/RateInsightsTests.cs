using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Rules.Tests.Insights;

/// <summary>When an unusual stretch begins and ends.</summary>
public sealed class RateInsightsTests
{
    [Fact]
    public void AClusterThatIsOffAtNightKnowsDays()
    {
        var rates = new Rates();
        for (var day = 0; day < 28; day++)
        {
            Assert.Empty(rates.Pass(16 * 60, 20));
            rates.Now = rates.Now.Plus(8 * 60);
        }

        Assert.Equal(27, rates.Insights.KnownDays);
        Assert.Empty(rates.Pass(8 * 60, 20));
        Assert.NotEmpty(rates.Pass(5, 200));
    }

    [Fact]
    public void ADayEndsOnceWhetherItsLastMinuteIsSeenOrNot()
    {
        var rates = new Rates();
        rates.Pass(24 * 60, 20);
        rates.Pass(1, 20);
        Assert.Equal(1, rates.Insights.KnownDays);

        rates.Now = rates.Now.Plus(3 * 24 * 60);
        rates.Pass(1, 20);

        Assert.Equal((2, 2), (rates.Insights.KnownDays, rates.Insights.Kinds[0].Days));
    }

    [Fact]
    public void OneMinuteThatIsFarAboveAllIsUnusual()
    {
        var rates = Rates.AfterAWeekOf(1);

        var start = Assert.Single(rates.Pass(1, 100_000));
        var end = Assert.Single(rates.Pass(5, 1));

        Assert.Equal((StretchEnd.None, StretchEnd.Calm), (start.End, end.End));
        Assert.Equal((100_000, TimeSpan.FromMinutes(1)), (end.Peak, end.To - end.From));
    }

    [Fact]
    public void InTheFirstWeekOneMinuteIsNotEnough()
    {
        var rates = new Rates();
        rates.Pass(24 * 60, 1);

        Assert.Empty(rates.Pass(1, 100_000));
    }

    [Fact]
    public void BurstsInEverySecondMinuteAreOneStretch()
    {
        var rates = Rates.AfterAWeekOf(1);
        var found = new List<RateInsight>();
        for (var at = 0; at < 30; at++)
        {
            found.AddRange(rates.Pass(1, 5_000));
            found.AddRange(rates.Pass(1, 0));
        }

        Assert.Single(found);
    }

    [Fact]
    public void AThreefoldRateBeginsAStretchInItsSecondMinuteAndEndsItInTheFifthAfter()
    {
        var rates = Rates.AfterAWeekOf(20);
        var start = rates.Now;

        Assert.Empty(rates.Pass(1, 60));
        var begun = Assert.Single(rates.Pass(1, 60));
        Assert.Empty(rates.Pass(10, 60));
        Assert.Empty(rates.Pass(4, 20));
        var ended = Assert.Single(rates.Pass(1, 20));

        Assert.Equal(("get deployments.apps", RateMeasure.Calls, StretchEnd.None), ($"{begun.Subject}", begun.Measure, begun.End));
        Assert.Equal(60, begun.Observed);
        Assert.Equal(20, begun.Baseline, tolerance: 0.1);
        Assert.Equal(3, begun.Ratio, tolerance: 0.01);
        Assert.Equal((start.Start, start.Plus(2).Start), (begun.From, begun.To));
        Assert.Equal((StretchEnd.Calm, 60, start.Plus(12).Start), (ended.End, ended.Observed, ended.To));
    }

    [Fact]
    public void ASingleMinuteIsNoStretch() => Assert.Empty(Pass(Rates.AfterAWeekOf(20), (1, 200), (30, 20)));

    [Fact]
    public void WhatIsLessThanTenIsNothing() => Assert.Empty(Rates.AfterAWeekOf(1).Pass(10, 9));

    [Fact]
    public void WhatWasSilentIsUnusualFromThirtyOn()
    {
        Assert.Empty(Rates.AfterAWeekOf(0).Pass(10, 29));
        Assert.NotEmpty(Rates.AfterAWeekOf(0).Pass(10, 30));
    }

    [Fact]
    public void InTheFirstHalfHourNothingIsJudgedAndInTheFirstWeekAStretchLastsTenMinutes()
    {
        var (early, first) = (new Rates(), new Rates());

        Assert.Empty(Pass(early, (20, 20), (9, 200)));
        Assert.Empty(Pass(first, (60, 20), (9, 200)));

        Assert.Single(first.Pass(1, 200));
    }

    [Fact]
    public void WhatComesOnTwoDaysIsAHabit()
    {
        var rates = Rates.AfterAWeekOf(20);
        const int Day = 24 * 60;

        var starts = Enumerable.Range(0, 3).Select(_ => Pass(rates, (Day - 5, 20), (5, 100)).Count).ToList();

        Assert.Equal([1, 2, 1], starts);
        Assert.Empty(Pass(rates, (Day - 5, 20), (5, 110)));
        Assert.NotEmpty(Pass(rates, (Day - 5, 20), (5, 400)));
    }

    [Fact]
    public void ARateThatStaysBecomesUsual()
    {
        var rates = Rates.AfterAWeekOf(20);

        var insights = rates.Pass(300, 100);

        Assert.Equal([StretchEnd.None, StretchEnd.Calm], insights.Select(insight => insight.End));
        Assert.InRange(insights[1].To, insights[0].From.AddMinutes(180), insights[0].From.AddMinutes(240));
    }

    [Fact]
    public void ErrorsAreUnusualForTheCallsThatThereAre()
    {
        var (more, worse) = (Rates.AfterAWeekOf(100, errors: 10), Rates.AfterAWeekOf(100, errors: 10));

        Assert.DoesNotContain(more.Pass(10, 500, errors: 50), insight => insight.Measure == RateMeasure.Errors);
        Assert.Contains(worse.Pass(10, 100, errors: 50), insight => insight.Measure == RateMeasure.Errors);
    }

    [Fact]
    public void AGapEndsAStretchAndALongOneIsLearntAnew()
    {
        var rates = Rates.AfterAWeekOf(20);
        rates.Pass(5, 100);

        rates.Now = rates.Now.Plus(2 * 24 * 60);
        var after = rates.Pass(29, 300);

        Assert.Equal(StretchEnd.Interrupted, Assert.Single(after).End);
    }

    [Fact]
    public void AMinuteThatIsNotWholeSaysNothing()
    {
        var (rates, found) = (Rates.AfterAWeekOf(20), new List<RateInsight>());

        for (var call = 0; call < 1000; call++)
        {
            rates.Insights.CountKind(7, "get"u8, "apps"u8, "deployments"u8, isError: false);
        }

        rates.Insights.Close(rates.Now, isWhole: false, found);
        rates.Insights.Close(rates.Now.Plus(1), isWhole: true, found);

        Assert.Empty(found);
        Assert.Equal(0, rates.Insights.Kinds[0][RateMeasure.Calls].Series.Recent.Ago(1));
        Assert.Equal(20, rates.Insights.Kinds[0][RateMeasure.Calls].Series.Recent.Median);
    }

    [Fact]
    public void TheMostFrequentUsersAndAgentsOfAStretchAreNamed()
    {
        var (rates, found) = (Rates.AfterAWeekOf(20), new List<RateInsight>());
        rates.Pass(1, 100);

        for (var call = 0; call < 100; call++)
        {
            var key = rates.Insights.CountKind(7, "get"u8, "apps"u8, "deployments"u8, isError: false);
            rates.Insights.Contribute(
                key, new(7, (ulong)(call % 4 / 3), 1, 0), call % 4 == 3 ? "bob"u8 : "alice"u8, "kubectl/v1.34.0"u8);
        }

        rates.Insights.Close(rates.Now, isWhole: true, found);

        Assert.Equal([new("alice", 75), new("bob", 25)], found[0].Users);
        Assert.Equal([new("kubectl/v1.34.0", 100)], found[0].UserAgents);
    }

    [Fact]
    public void WhoCalledInAnEarlierStretchIsNotNamed()
    {
        var (rates, found) = (Rates.AfterAWeekOf(20), new List<RateInsight>());
        rates.Pass(1, 60);
        Count(20, "bob"u8);
        rates.Insights.Close(rates.Now, isWhole: true, found);
        rates.Insights.Close(rates.Now.Plus(1), isWhole: true, found);

        Count(100_000, "eve"u8);
        rates.Insights.Close(rates.Now.Plus(2), isWhole: true, found);

        Assert.DoesNotContain(Assert.Single(found).Users, one => one.Name == "bob");

        void Count(int calls, ReadOnlySpan<byte> user)
        {
            for (var call = 0; call < calls; call++)
            {
                var key = rates.Insights.CountKind(7, "get"u8, "apps"u8, "deployments"u8, isError: false);
                rates.Insights.Contribute(key, new(7, user[0], 1, 0), user, "kubectl/v1.34.0"u8);
            }
        }
    }

    [Fact]
    public void KeysAreBoundedAndTheMostFrequentStay()
    {
        var (insights, found) = (new RateInsights(capacity: 16), new List<RateInsight>());

        for (var call = 0; call < 10_000; call++)
        {
            insights.CountUser(1, "frequent"u8, isError: false);
            insights.CountUser((ulong)(2 + call), "other"u8, isError: false);
        }

        insights.Close(new(1_000_000), isWhole: true, found);

        Assert.Equal(16, insights.Users.Count);
        Assert.Equal(10_000, insights.Users.CountOf(insights.Users.Find(1)));
        Assert.All(Enumerable.Range(0, 16), slot => Assert.InRange(insights.Users.ErrorOf(slot), 0, 20_000 / 16));
    }

    static List<RateInsight> Pass(Rates rates, params (int Minutes, int Calls)[] parts) =>
        [.. parts.SelectMany(part => rates.Pass(part.Minutes, part.Calls))];
}
