using System.Diagnostics.Metrics;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>What feeds count: buckets and streams of clouds. Without such a source nothing is shown.</summary>
sealed class FeedInstruments
{
    static readonly string[] Kinds = ["Event", "Cut", "Other", "Unreadable"];

    readonly SourceGauges<FeedStatus> gauges;
    readonly Counter<long> objects;
    readonly Counter<long> entries;
    readonly Counter<long> errors;

    public FeedInstruments(Meter meter)
    {
        gauges = new(meter);
        objects = meter.CreateCounter<long>("clustertrail.feed.objects", "{object}",
            "Objects or messages of a feed, by result. Failed ones are tried again, Aside ones once a day. Gone and Missed ones are not in "
            + "the archive.");
        entries = meter.CreateCounter<long>("clustertrail.feed.entries", "{entry}",
            "What was in them, by kind: Event, Cut (events that the cloud cut, also counted as Event), Other (not recorded), Unreadable "
            + "(recorded as it is).");
        errors = meter.CreateCounter<long>("clustertrail.feed.errors", "{error}",
            "Times that the store or stream did not answer as it should. The agent retries.");
        gauges.Add("clustertrail.feed.failing_objects", "{object}", status => status.FailingObjects,
            "Objects that cannot be read now, and are tried again. See firstFailing in /status.");
        gauges.Add("clustertrail.feed.aside_objects", "{object}", status => status.AsideObjects, "How many of them are set aside.");
        gauges.Add("clustertrail.feed.journal_bytes", "By", status => status.JournalBytes,
            "Bytes of events that are read and not committed yet. At the limit, the agent reads no more objects.");
        gauges.Add("clustertrail.feed.journal_limit_bytes", "By", status => status.JournalLimitBytes, "Limit of the journal's size.");
        gauges.AddTime("clustertrail.feed.last_answer_timestamp_seconds", status => status.LastAnswerAt,
            "Time at which the store or stream last answered as it should, in seconds since 1970. Missing until it has.");
        gauges.AddTime("clustertrail.feed.newest_read_timestamp_seconds", status => status.NewestReadAt,
            "Time at which the newest object was written that is read, in seconds since 1970. Missing until there is one.");
    }

    public void Watch(string source, Func<FeedStatus> status)
    {
        gauges.Watch(source, status);
        foreach (var result in Enum.GetValues<FeedResult>())
            Objects(source, result, 0);
        foreach (var kind in Kinds)
            Entries(source, kind, 0);
        errors.Add(0, new KeyValuePair<string, object?>("source", source));
    }

    public void Objects(string source, FeedResult result, long count) =>
        objects.Add(count, new("source", source), new("result", $"{result}"));

    /// <param name="events">Cut ones included.</param>
    public void Entries(string source, long events, long cut, long other, long unreadable)
    {
        foreach (var (kind, count) in Kinds.Zip(new[] { events, cut, other, unreadable }))
        {
            if (count > 0)
                Entries(source, kind, count);
        }
    }

    public void Error(string source) => errors.Add(1, new KeyValuePair<string, object?>("source", source));

    void Entries(string source, string kind, long count) => entries.Add(count, new("source", source), new("kind", kind));
}
