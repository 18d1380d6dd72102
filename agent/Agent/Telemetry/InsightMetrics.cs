using System.Diagnostics.Metrics;
using ClusterTrail.Contract.Detections;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>Counts what was unusual, by its kind; no label has a value from an event.</summary>
sealed class InsightMetrics
{
    readonly Counter<long> found;
    readonly Counter<long> withheld;
    readonly Counter<long> forgotten;
    readonly Counter<long> strays;
    readonly Counter<long> errors;
    readonly string trail;

    public InsightMetrics(Meter meter, string trail)
    {
        this.trail = trail;
        found = meter.CreateCounter<long>("clustertrail.insights", "{insight}",
            "Unusual rates that began or ended, and what users did for the first time in 90 days.");
        withheld = meter.CreateCounter<long>("clustertrail.insights.withheld", "{insight}",
            "What users did for the first time, and was not reported: of each kind at most 100 a day are, and 10 of one user.");
        forgotten = meter.CreateCounter<long>("clustertrail.insights.forgotten", "{key}",
            "What had to be forgotten for lack of room: rates of users or kinds of calls (Rate), and what users did in the last 90 days (Seen). "
            + "Somebody may be hiding among many.");
        strays = meter.CreateCounter<long>("clustertrail.insights.strays", "{event}",
            "Events that insights did not count, as their time is missing or more than 10 minutes away from that of the events before.");
        errors = meter.CreateCounter<long>("clustertrail.insights.errors", "{error}",
            "Events that could not be counted, and states that could not be kept, because of an error in ClusterTrail (Internal); "
            + "states that could not be read or written (State). The agent logs the error. The events are recorded.");
        Withheld(0);
        Forgotten("Rate", 0);
        Forgotten("Seen", 0);
        Strayed(0);
        Failed("Internal", 0);
        Failed("State", 0);
    }

    /// <summary>Adds each kind's counter at 0, so that an alert sees the first one.</summary>
    public void Declare(IEnumerable<DetectionRule> kinds)
    {
        foreach (var kind in kinds)
            Found(kind, 0);
    }

    public void Found(DetectionRule kind, long insights = 1) => found.Add(
        insights, new KeyValuePair<string, object?>("kind", kind.Name), new("severity", kind.Severity.Word()), new("trail", trail));

    public void Withheld(long insights) => withheld.Add(insights);

    public void Forgotten(string what, long keys) => forgotten.Add(keys, new KeyValuePair<string, object?>("what", what));

    public void Strayed(long events) => strays.Add(events);

    public void Failed(string reason, long errors = 1) => this.errors.Add(errors, new KeyValuePair<string, object?>("reason", reason));
}
