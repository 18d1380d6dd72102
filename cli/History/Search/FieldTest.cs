using System.Text.Json;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;

namespace ClusterTrail.History.Search;

/// <summary>A condition of selectors on any field: of the record, or as in a Trail's rules of its event.</summary>
/// <remarks>What cannot be decided because the event was cut counts as found: nobody shall hide behind the length of an event.</remarks>
sealed class FieldTest(FieldCondition condition) : RecordTest
{
    static readonly HashSet<string> OfRecord =
    [
        "eventVersion", "eventID", "eventTime", "eventCategory", "eventSource", "eventName", "readOnly", "userIdentity", "forwardedFor",
        "errorCode", "clusterName", "nodeName", "trail", "insightDetails", "recordedLevel", "truncated", "event", "apiEventID", "apiEvents",
        "reason", "line", "eventContext", "timeWindow", "aggregateDetails",
    ];

    // An index holds one text at a time, and keeps its buffers.
    [ThreadStatic]
    static JsonIndex? indexOfThread;

    readonly Condition compiled = Condition.Of(condition);
    readonly bool isOfRecord = condition.Path.Split('.', '[') is [var first, ..] && OfRecord.Contains(first);

    internal override bool Holds(in RecordView record)
    {
        if (isOfRecord)
            return compiled.Test(new AuditEvent { Line = record.Line, Index = record.Index }) == Outcome.Yes;
        var audit = EventOf(record);
        var outcome = compiled.Test(audit);
        return outcome == Outcome.Yes || (outcome == Outcome.Unknown && audit.Truncation is { Undecided: > 0 });
    }

    static AuditEvent EventOf(in RecordView record)
    {
        if (record.Event == 0)
        {
            AuditEvent.TryParse(record.Line, record.Index, out var ofRecord, out _);
            return ofRecord;
        }

        var index = indexOfThread ??= new();
        if (AuditEvent.TryParse(record.EventText, index, out var audit, out _))
        {
            audit.Truncation = TruncationOf(record, audit);
            return audit;
        }

        return ProcessEvent.TryParse(record.EventText, index, out var process, out _) ? process : audit;
    }

    static Truncation? TruncationOf(in RecordView record, in AuditEvent audit)
    {
        if (record.Truncated.IsEmpty)
            return null;
        try
        {
            return RecordedTruncation.Read(record.Truncated, audit);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
