using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>What feeds count: buckets and streams of clouds. Without such a source nothing is shown.</summary>
sealed class FeedInstruments
{
    static readonly string[] Kinds = ["Event", "Cut", "Other", "Unreadable"];

    readonly ConcurrentDictionary<string, Func<FeedStatus>> sources = new();
    readonly Counter<long> objects;
    readonly Counter<long> entries;
    readonly Counter<long> errors;

    public FeedInstruments(Meter meter)
    {
        objects = meter.CreateCounter<long>("clustertrail.feed.objects", "{object}",
            "Objects or messages of a feed, by result. Failed ones are tried again, Aside ones once a day. Gone and Missed ones are not in "
            + "the archive.");
        entries = meter.CreateCounter<long>("clustertrail.feed.entries", "{entry}",
            "What was in them, by kind: Event, Cut (events that the cloud cut, also counted as Event), Other (not recorded), Unreadable "
            + "(recorded as it is).");
        errors = meter.CreateCounter<long>("clustertrail.feed.errors", "{error}",
            "Times that the store or stream did not answer as it should. The agent retries.");
        Gauge("clustertrail.feed.failing_objects", "{object}", status => status.FailingObjects,
            "Objects that cannot be read now, and are tried again. See firstFailing in /status.");
        Gauge("clustertrail.feed.aside_objects", "{object}", status => status.AsideObjects, "How many of them are set aside.");
        Gauge("clustertrail.feed.journal_bytes", "By", status => status.JournalBytes,
            "Bytes of events that are read and not committed yet. At the limit, the agent reads no more objects.");
        Gauge("clustertrail.feed.journal_limit_bytes", "By", status => status.JournalLimitBytes, "Limit of the journal's size.");
        Gauge("clustertrail.feed.last_answer_timestamp_seconds", "s", status => Seconds(status.LastAnswerAt),
            "Time at which the store or stream last answered as it should, in seconds since 1970. Missing until it has.");
        Gauge("clustertrail.feed.newest_read_timestamp_seconds", "s", status => Seconds(status.NewestReadAt),
            "Time at which the newest object was written that is read, in seconds since 1970. Missing until there is one.");

        void Gauge(string name, string unit, Func<FeedStatus, double?> value, string description) => meter.CreateObservableGauge(
            name,
            () => from source in sources
                  let now = value(source.Value())
                  where now is not null
                  select new Measurement<double>(now.Value, new KeyValuePair<string, object?>("source", source.Key)),
            unit, description);
    }

    public void Watch(string source, Func<FeedStatus> status)
    {
        sources[source] = status;
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

    static double? Seconds(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds() / 1000.0;
}
