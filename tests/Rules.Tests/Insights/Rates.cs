using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Rules.Tests.Insights;

/// <summary>One kind of calls of one user, minute by minute.</summary>
sealed class Rates
{
    // Monday, 2 February 2026, 00:00.
    static readonly Minute First = Minute.Of(new(2026, 2, 2, 0, 0, 0, TimeSpan.Zero));

    public RateInsights Insights { get; } = new(capacity: 16);

    public Minute Now { get; set; } = First;

    /// <summary>What so many minutes with so many calls and errors each give; of the kind alone.</summary>
    public List<RateInsight> Pass(int minutes, int calls, int errors = 0)
    {
        var found = new List<RateInsight>();
        for (var left = minutes; left > 0; left--)
        {
            for (var call = 0; call < calls; call++)
            {
                Insights.CountKind(7, "get"u8, "apps"u8, "deployments"u8, isError: call < errors);
            }

            Insights.Close(Now, isWhole: true, found);
            Now = Now.Plus(1);
        }

        return found;
    }

    /// <summary>A week of one rate: more is known than in the beginning.</summary>
    public static Rates AfterAWeekOf(int calls, int errors = 0)
    {
        var rates = new Rates();
        Assert.Empty(rates.Pass(8 * 24 * 60, calls, errors));
        return rates;
    }
}
