using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Records;

/// <summary>Writes the records of findings, as records of the source that the finding is about.</summary>
interface IInsightRecords
{
    /// <summary>Writes a finding: the envelope of its event, and details as JSON.</summary>
    /// <param name="rule">Its eventID is the event's with the rule's name.</param>
    /// <param name="withEvent">Brings the event along, without bodies: it has no record of its own.</param>
    /// <returns>How long the record is before the event.</returns>
    int WriteInsight(in AuditEvent audit, string rule, ReadOnlySpan<byte> details, bool withEvent, Position position, RecordBuffer record);
}
