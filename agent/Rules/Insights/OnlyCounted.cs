using System.Globalization;

namespace ClusterTrail.Rules.Insights;

/// <summary>What is said of events that an archive has the number of, and no records.</summary>
static class OnlyCounted
{
    public static string Sentence(long events)
    {
        var (are, were) = events == 1 ? ("event is", "was") : ("events are", "were");
        var number = events.ToString(CultureInfo.InvariantCulture);
        return $"{number} more {are} only counted (category Aggregate) and {were} not looked at: "
            + "rates are too low, and what was seen first is incomplete.";
    }
}
