using System.Diagnostics.Metrics;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>What receivers of audit events count. Without such a source nothing is shown.</summary>
sealed class ReceiverInstruments
{
    readonly SourceGauges<ReceiverStatus> gauges;
    readonly Counter<long> requests;
    readonly Counter<long> events;
    readonly Counter<long> lost;
    readonly Histogram<double> duration;

    public ReceiverInstruments(Meter meter)
    {
        gauges = new(meter);
        requests = meter.CreateCounter<long>("clustertrail.receiver.requests", "{request}",
            "Requests of API servers, by result. Stored and Repeated are answered 200, Full 429, Failed 503: the API server sends them "
            + "again, a few times. Refused and TooSlow are lost; NoCertificate and WrongCertificate are connections that may be an attack. "
            + "Of admission reviews, Accepted is in memory, and Lost had no room there; WrongPath may be an attack.");
        lost = meter.CreateCounter<long>("clustertrail.receiver.lost_events", "{event}",
            "Admission reviews that were answered and are not recorded, by reason: QueueFull (the disk or the sink is too slow), Crash "
            + "(they were in memory when an earlier agent was killed), Failed (an internal error), Unread (too large, too slow, or no "
            + "review).");
        events = meter.CreateCounter<long>("clustertrail.receiver.events", "{event}",
            "Events that were answered 200, by result: Stored, Accepted (in memory), Repeated (recorded once), NotLogging (logging is off: "
            + "discarded).");
        // kube-apiserver waits 30 s.
        duration = meter.CreateHistogram("clustertrail.receiver.answer_duration", "s",
            "Time from a request's first byte to its answer, when its events are on disk.", tags: null, new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
            });
        gauges.Add("clustertrail.receiver.journal_bytes", "By", status => status.JournalBytes,
            "Bytes of the journal on disk: what is not committed yet, and the rest of its newest file. At the limit, API servers are told "
            + "to wait.");
        gauges.Add("clustertrail.receiver.journal_limit_bytes", "By", status => status.JournalLimitBytes, "Limit of the journal's size.");
        gauges.Add("clustertrail.receiver.queue_bytes", "By", status => status.Queue?.Bytes,
            "Bytes of admission reviews that are answered and not on disk yet. At the limit, what comes is lost.");
        gauges.Add("clustertrail.receiver.queue_limit_bytes", "By", status => status.Queue?.LimitBytes, "Limit of that.");
        gauges.AddTime(
            "clustertrail.receiver.last_call_timestamp_seconds", status => status.Callers.Max(caller => (DateTimeOffset?)caller.LastAt),
            "Time of the last request with events, in seconds since 1970. Missing until there was one.");
        gauges.AddTime("clustertrail.receiver.certificate_expiry_timestamp_seconds", status => status.CertificateExpiresAt,
            "Time at which the server's certificate expires, in seconds since 1970.");
    }

    public void Watch(string source, Func<ReceiverStatus> status)
    {
        gauges.Watch(source, status);
        foreach (var result in Enum.GetNames<ReceiverResult>())
            requests.Add(0, new("source", source), new("result", result));
        foreach (var result in (ReceiverResult[])[ReceiverResult.Stored, ReceiverResult.Repeated, ReceiverResult.NotLogging])
            events.Add(0, new("source", source), new("result", $"{result}"));
    }

    /// <summary>As <see cref="Watch"/>, of a source that answers before it writes.</summary>
    public void WatchQueue(string source, Func<ReceiverStatus> status)
    {
        Watch(source, status);
        events.Add(0, new("source", source), new("result", $"{ReceiverResult.Accepted}"));
        foreach (var reason in Enum.GetNames<LossReason>())
            lost.Add(0, new("source", source), new("reason", reason));
    }

    public void Lost(string source, LossReason reason, long count) => lost.Add(count, new("source", source), new("reason", $"{reason}"));

    public void Answered(string source, ReceiverResult result, int count, TimeSpan after)
    {
        requests.Add(1, new("source", source), new("result", $"{result}"));
        duration.Record(after.TotalSeconds, new KeyValuePair<string, object?>("source", source));
        if (count > 0 && result is ReceiverResult.Stored or ReceiverResult.Accepted or ReceiverResult.Repeated or ReceiverResult.NotLogging)
            events.Add(count, new("source", source), new("result", $"{result}"));
    }

    /// <summary>A connection that was refused, or a request that ended before its answer.</summary>
    public void Refused(string source, ReceiverResult result) => requests.Add(1, new("source", source), new("result", $"{result}"));
}
