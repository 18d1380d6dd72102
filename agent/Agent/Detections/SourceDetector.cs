using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Records;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Detections;

/// <summary>Evaluates the active rules on the events of one source, and reports what fires.</summary>
/// <remarks>New rules begin without memory: bursts in the making are counted from their beginning. One thread runs it.</remarks>
/// <param name="records">Writes the findings' records as the source has them; as records of audit events by default.</param>
sealed class SourceDetector(Origin origin, ReloadedFile<DetectionSet> rules, FindingLog log, IInsightRecords? records = null) : IDisposable
{
    readonly InsightWriter writer = new(origin, records ?? new RecordWriter(origin));
    readonly List<Insight> insights = [];
    Detector detector = new(DetectionSet.Empty);
    Unreported[] unreported = [];

    /// <summary>What the event fired; valid until the next one.</summary>
    /// <param name="recorded">The level that the event itself is recorded at.</param>
    public IReadOnlyList<Insight> Detect(in AuditEvent audit, AuditLevel recorded, Position position)
    {
        insights.Clear();
        if (detector.Set != rules.Current)
        {
            ReportCounts();
            detector = new(rules.Current);
            unreported = new Unreported[detector.Set.Detections.Count];
        }

        if (detector.Detect(audit, position))
        {
            foreach (var finding in detector.Findings)
            {
                Write(audit, recorded, finding, position);
            }
        }

        return insights;
    }

    /// <summary>Passes on what was found and counted since the last time.</summary>
    public void ReportCounts()
    {
        foreach (var (count, last) in unreported)
        {
            if (last is not null)
            {
                log.Found(last, count);
            }
        }

        Array.Clear(unreported);
        log.Count(detector);
    }

    public void Dispose() => writer.Dispose();

    void Write(in AuditEvent audit, AuditLevel recorded, in Finding finding, Position position)
    {
        try
        {
            var insight = writer.Write(audit, recorded, finding, detector.Set[finding.Rule].Rule, position);
            insights.Add(insight);
            unreported[finding.Rule] = new(unreported[finding.Rule].Count + 1, insight);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            detector.NoteFailure(finding.Rule, e);
        }
    }

    /// <summary>How often a rule fired, and its last finding.</summary>
    readonly record struct Unreported(long Count, Insight? Last);
}
