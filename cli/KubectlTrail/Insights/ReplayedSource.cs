using System.Security.Cryptography;
using ClusterTrail.History.Search;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Kubectl.Insights;

/// <summary>The events that one agent recorded for a Trail, looked at as that agent does.</summary>
sealed class ReplayedSource
{
    readonly JsonIndex index = new();
    readonly RecentMinutes recent = new();
    readonly InsightDetector detector;

    internal ReplayedSource(string cluster, string trail, string node)
    {
        (Cluster, Trail, Node) = (cluster, trail, node);
        detector = new(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)))) { Rates = new() { Closing = recent.Note } };
    }

    internal string Cluster { get; }

    internal string Trail { get; }

    internal string Node { get; }

    internal long Events { get; private set; }

    /// <summary>When it can have said something of what users do for the first time; null before there is an event.</summary>
    internal DateTimeOffset? JudgedFrom { get; private set; }

    /// <summary>What the record's event shows to be unusual.</summary>
    internal IEnumerable<ReplayedInsight> Take(in RecordView record, DateTimeOffset time)
    {
        if (!AuditEvent.TryParse(record.EventText, index, out var audit, out _))
            return [];
        Events++;
        JudgedFrom ??= ObjectSpan.Later(time, TimeSpan.FromDays(FirstSeen.LearningDays));
        if (!detector.Take(audit))
            return [];
        var (at, id) = (EventText.Of(audit.StageTimestamp), EventText.Of(record.Id));
        List<ReplayedInsight> found =
        [
            .. detector.Found.Select(rate => new ReplayedInsight(this, at, id, rate, null, recent.Of(rate.Subject, rate.Measure))),
            .. detector.FirstSeen.Found.Select(first => new ReplayedInsight(this, at, id, null, first, [])),
        ];
        detector.Found.Clear();
        detector.FirstSeen.Found.Clear();
        return found;
    }

    /// <summary>The last minutes of a rate.</summary>
    internal IReadOnlyList<RateMinute> Recent(RateInsight rate) => recent.Of(rate.Subject, rate.Measure);
}
