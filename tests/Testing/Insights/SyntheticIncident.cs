using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Testing.Insights;

/// <summary>A rise of a kind of calls, with the second at which it begins.</summary>
sealed record SyntheticIncident(int Kind, DateTimeOffset Start, int Minutes, double Times)
{
    public DateTimeOffset End => Start.AddMinutes(Minutes);

    /// <summary>The part of the minute in which it is.</summary>
    public double ShareOf(Minute minute)
    {
        var from = Start > minute.Start ? Start : minute.Start;
        var to = End < minute.End ? End : minute.End;
        return Math.Max(0, (to - from).TotalMinutes);
    }
}
