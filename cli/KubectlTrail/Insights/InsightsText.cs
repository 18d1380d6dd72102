using System.Globalization;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Kubectl.Insights;

/// <summary>What a replay finds, for people: each stretch once, when it is over, with its drawing.</summary>
sealed class InsightsText(TextWriter output) : IInsightsPrinter
{
    const string Indent = "    ";

    readonly Dictionary<(ReplayedSource Source, RateSubject Subject, RateMeasure Measure), ReplayedInsight> open = [];
    int printed;

    public void Print(ReplayedInsight insight)
    {
        printed++;
        if (insight.Rate is not { } rate)
            PrintFirst(insight, insight.First!);
        else if (rate.End == StretchEnd.None)
            open[(insight.Source, rate.Subject, rate.Measure)] = insight;
        else
        {
            open.Remove((insight.Source, rate.Subject, rate.Measure));
            PrintRate(insight.Source, rate, insight.Minutes, $"ended: {rate.End}");
        }
    }

    public void Finish(long counted)
    {
        foreach (var one in open.Values)
            PrintRate(one.Source, one.Rate!, one.Source.Recent(one.Rate!), "goes on where the events end");
        if (printed == 0 && counted == 0)
            output.WriteLine("Nothing unusual was found.");
        if (counted > 0)
            output.WriteLine(OnlyCounted.Sentence(counted));
    }

    void PrintRate(ReplayedSource source, RateInsight rate, IReadOnlyList<RateMinute> minutes, string end)
    {
        var measure = rate.Measure == RateMeasure.Calls ? "calls" : "errors";
        Line($"{Time(rate.From)} to {Time(rate.To)}  {measure} of {rate.Subject}{Place(source)}");
        Line($"{Indent}{Number(rate.Observed)} a minute, usual are {Number(rate.Baseline)}: {Number(rate.Ratio)} times as many, "
            + $"at most {Number(rate.Peak)}; {end}");
        Shares("users", rate.Users);
        Shares("user agents", rate.UserAgents);
        foreach (var line in RateLine.Draw(minutes))
            Line(Indent + line);
        output.WriteLine();
    }

    void PrintFirst(ReplayedInsight insight, FirstSeenInsight first)
    {
        Line($"{Time(first.Minute.Start)}  {InsightKinds.Of(first).Name}: {first.User}, {first.What}{Place(insight.Source)}");
        Line($"{Indent}event {insight.EventId}");
        output.WriteLine();
    }

    void Shares(string what, IReadOnlyList<Contribution> shares)
    {
        if (shares.Count > 0)
            Line($"{Indent}{what}: {string.Join(", ", shares.Select(share => $"{share.Name} ({share.Events})"))}");
    }

    // Names are whatever a client sends.
    void Line(string text) => output.WriteLine(Printable.Escape(text));

    static string Place(ReplayedSource source) => $", on {source.Node} of {source.Cluster} (Trail {source.Trail})";

    static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    static string Number(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
