using System.Globalization;

namespace ClusterTrail.Rules.Insights;

/// <summary>What is said of events that an archive has the number of, and no records.</summary>
static class OnlyCounted
{
    public static string Sentence(long events) => string.Create(
        CultureInfo.InvariantCulture,
        $"{events} more {(events == 1 ? "event is" : "events are")} only counted (category Aggregate) and {(events == 1 ? "was" : "were")} not looked at: "
            + $"rates are too low, and what was seen first is incomplete.");
}
