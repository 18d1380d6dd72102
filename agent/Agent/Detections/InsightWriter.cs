using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClusterTrail.Agent.Records;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Detections;

/// <summary>
/// Makes a finding's record: the envelope of the event that made it one, and under <c>insightDetails</c> what fired and on which events.
/// </summary>
/// <param name="writer">Writes records as the source has them.</param>
sealed class InsightWriter(Origin origin, IInsightRecords writer) : IDisposable
{
    const int MostHeads = 500;
    const int QuotesAndComma = 3;
    const int Brackets = 2;

    readonly RecordBuffer record = new();
    readonly RecordBuffer details = new();
    readonly EventIds ids = new(origin);
    readonly Dictionary<DetectionRule, byte[]> heads = new(ReferenceEqualityComparer.Instance);

    /// <param name="recorded">The level that the event itself is recorded at. If None, the record contains the event's metadata.</param>
    public Insight Write(in AuditEvent audit, AuditLevel recorded, in Finding finding, DetectionRule rule, Position position)
    {
        WriteDetails(audit, finding, rule);
        var summary = writer.WriteInsight(audit, rule.Name, details.Written, withEvent: recorded < AuditLevel.Metadata, position, record);
        return new(rule, $"{ids.Of(position)}-{rule.Name}", audit.StageTimestamp.ToArray(), record.Written.ToArray(), summary);
    }

    public void Dispose()
    {
        record.Dispose();
        details.Dispose();
    }

    void WriteDetails(in AuditEvent audit, in Finding finding, DetectionRule rule)
    {
        var head = HeadOf(rule);
        var burst = rule.Threshold is { } threshold ? Encoding.UTF8.GetBytes(Burst(threshold, audit)) : [];
        details.Start(head.Length + (finding.Evidence.Length * (EventIds.Length + QuotesAndComma)) + burst.Length + Brackets);
        details.Append(head);
        for (var at = 0; at < finding.Evidence.Length; at++)
        {
            details.Append(at == 0 ? "\""u8 : ",\""u8);
            ids.Write(finding.Evidence[at], details.Take(EventIds.Length));
            details.Append("\""u8);
        }

        details.Append("]"u8);
        details.Append(burst);
        details.Append("}"u8);
    }

    byte[] HeadOf(DetectionRule rule)
    {
        if (!heads.TryGetValue(rule, out var head))
        {
            // Rules that are no longer active must not accumulate.
            if (heads.Count == MostHeads)
            {
                heads.Clear();
            }

            heads[rule] = head = Head(rule);
        }

        return head;
    }

    // What is the same of all findings of a rule, up to the first eventID.
    static byte[] Head(DetectionRule rule)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("rule", rule.Name);
            json.WriteString("severity", rule.Severity.Word());
            json.WriteString("group", rule.Group);
            json.WriteString("description", rule.Description);
            if (rule.Runbook is { } runbook)
                json.WriteString("runbook", runbook);
            json.WriteStartArray("tags");
            foreach (var tag in rule.Tags)
                json.WriteStringValue(tag);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return [.. buffer.ToArray()[..^1], .. ",\"eventIDs\":["u8];
    }

    // The values are escaped already, as the event writes them.
    static string Burst(Threshold threshold, in AuditEvent audit)
    {
        var by = new List<string>();
        foreach (var path in threshold.By)
            by.Add($"\"{path}\":\"{Encoding.UTF8.GetString(WindowKey.ValueOf(audit, path))}\"");
        return $",\"count\":{threshold.Count},\"windowSeconds\":{threshold.WindowSeconds},\"by\":{{{string.Join(',', by)}}}";
    }
}
