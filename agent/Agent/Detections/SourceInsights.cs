using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Insights;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent.Detections;

/// <summary>Looks for what is unusual in the events of one source, and makes the records of what it finds. One thread runs it.</summary>
/// <remarks>
/// What is known is kept only when all that was found is in the spool. So a crash loses no Insight of what a user did for the first time,
/// and may repeat those of the last minutes; of rates it forgets these minutes.
/// </remarks>
sealed partial class SourceInsights : IDisposable
{
    static readonly TimeSpan SaveEvery = TimeSpan.FromMinutes(5);

    readonly InsightStore store;
    readonly InsightMetrics metrics;
    readonly TimeProvider time;
    readonly ILogger logger;
    readonly RecordWriter events;
    readonly UnusualRecordWriter rates;
    readonly EventIds ids;
    readonly RecordBuffer record = new();
    readonly List<Insight> insights = [];
    readonly InsightDetector detector;
    long savedAt;
    (long Withheld, long Rates, long Seen, long Strays) told;
    bool hasFailed;

    public SourceInsights(
        Origin origin, InsightStore store, InsightMetrics metrics, TimeProvider time, ILogger logger, RecordTags? tags = null)
    {
        (this.store, this.metrics, this.time, this.logger) = (store, metrics, time, logger);
        (events, rates, ids) = (new(origin, tags), new(origin), new(origin));
        metrics.Declare(InsightKinds.All);
        detector = store.Load();
        savedAt = time.GetTimestamp();
        told = Untold();
    }

    /// <summary>What the event shows to be unusual, valid until the next one; null if nothing.</summary>
    /// <param name="recorded">The level that the event itself is recorded at.</param>
    public IReadOnlyList<Insight>? Take(in AuditEvent audit, AuditLevel recorded, Position position)
    {
        IReadOnlyList<Insight>? found = null;
        try
        {
            if (detector.Take(audit))
            {
                insights.Clear();
                found = insights;
                Write(audit, recorded, position);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            metrics.Failed("Internal");
            if (!hasFailed)
                LogFailed(e);
            hasFailed = true;
        }

        return found;
    }

    /// <summary>All that was found is in the spool.</summary>
    /// <param name="isLast">Keeps what is known, however short ago that was done.</param>
    public void NoteSaved(bool isLast)
    {
        if (!isLast && time.GetElapsedTime(savedAt) < SaveEvery)
            return;
        savedAt = time.GetTimestamp();
        store.Save(detector);
        var now = Untold();
        metrics.Withheld(now.Withheld - told.Withheld);
        metrics.Forgotten("Rate", now.Rates - told.Rates);
        metrics.Forgotten("Seen", now.Seen - told.Seen);
        metrics.Strayed(now.Strays - told.Strays);
        told = now;
    }

    (long Withheld, long Rates, long Seen, long Strays) Untold() => (
        detector.FirstSeen.Withheld, detector.Rates.Kinds.Replaced + detector.Rates.Users.Replaced, detector.FirstSeen.Seen.Forgotten,
        detector.Clock.Strays);

    public void Dispose() => record.Dispose();

    void Write(in AuditEvent audit, AuditLevel recorded, Position position)
    {
        var (stretches, firsts) = (detector.Found.ToArray(), detector.FirstSeen.Found.ToArray());
        detector.Found.Clear();
        detector.FirstSeen.Found.Clear();
        for (var at = 0; at < stretches.Length; at++)
        {
            // One event may show several.
            var kind = InsightKinds.Of(stretches[at]);
            var id = at == 0 ? kind.Name : $"{kind.Name}-{at + 1}";
            rates.Write(stretches[at].Subject, id, InsightDetails.Write(stretches[at]), audit.StageTimestamp, position, record);
            Add(kind, id, audit, position, record.Written.Length - "}\n"u8.Length);
        }

        foreach (var first in firsts)
        {
            var kind = InsightKinds.Of(first);
            var length = events.WriteInsight(
                audit, kind.Name, InsightDetails.Write(first, ids.Of(position)), withEvent: recorded < AuditLevel.Metadata, position, record);
            Add(kind, kind.Name, audit, position, length);
        }
    }

    void Add(DetectionRule kind, string id, in AuditEvent audit, Position position, int summary)
    {
        metrics.Found(kind);
        insights.Add(new(kind, $"{ids.Of(position)}-{id}", audit.StageTimestamp.ToArray(), record.Written.ToArray(), summary));
    }

    [LoggerMessage(
        LogLevel.Error,
        "An event could not be counted for insights, because of an internal error of ClusterTrail; it is still recorded. Please report it.")]
    partial void LogFailed(Exception failure);
}
