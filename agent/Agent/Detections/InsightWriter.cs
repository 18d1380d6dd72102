using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClusterTrail.Agent.Records;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Detections;

/// <summary>Makes a finding's record: the envelope of the event that made it one, and under <c>insightDetails</c> what fired and on which events.</summary>
sealed class InsightWriter(Origin origin) : IDisposable
{
    readonly RecordWriter writer = new(origin);
    readonly RecordBuffer record = new();
    readonly EventIds ids = new(origin);

    /// <param name="recorded">The level that the event itself is recorded at. None: then the record brings its metadata along.</param>
    public Insight Write(in AuditEvent audit, AuditLevel recorded, in Finding finding, DetectionRule rule, Position position)
    {
        var details = Details(audit, finding, rule);
        var summary = writer.WriteInsight(audit, rule.Name, details, withEvent: recorded == AuditLevel.None, position, record);
        return new(rule, $"{Id(position)}-{rule.Name}", audit.StageTimestamp.ToArray(), record.Written.ToArray(), summary);
    }

    public void Dispose() => record.Dispose();

    // Findings are rare, so it may allocate.
    byte[] Details(in AuditEvent audit, in Finding finding, DetectionRule rule)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteRule(json, rule);
            json.WriteStartArray("eventIDs");
            foreach (var position in finding.Evidence)
                json.WriteStringValue(Id(position));
            json.WriteEndArray();
            if (rule.Threshold is { } threshold)
                WriteBurst(json, threshold, audit);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    static void WriteRule(Utf8JsonWriter json, DetectionRule rule)
    {
        json.WriteString("rule", rule.Name);
        json.WriteString("severity", SeverityOf(rule));
        json.WriteString("group", rule.Group);
        json.WriteString("description", rule.Description);
        if (rule.Runbook is { } runbook)
            json.WriteString("runbook", runbook);
        json.WriteStartArray("tags");
        foreach (var tag in rule.Tags)
            json.WriteStringValue(tag);
        json.WriteEndArray();
    }

    static void WriteBurst(Utf8JsonWriter json, Threshold threshold, in AuditEvent audit)
    {
        json.WriteNumber("count", threshold.Count);
        json.WriteNumber("windowSeconds", threshold.WindowSeconds);
        json.WriteStartObject("by");
        foreach (var path in threshold.By)
        {
            json.WritePropertyName(path);
            // Escaped already, as the event writes it.
            json.WriteRawValue($"\"{Encoding.UTF8.GetString(WindowKey.ValueOf(audit, path))}\"");
        }

        json.WriteEndObject();
    }

    /// <summary>The severity as it is written everywhere.</summary>
    public static string SeverityOf(DetectionRule rule) => rule.Severity.ToString().ToLowerInvariant();

    string Id(Position position)
    {
        Span<byte> id = stackalloc byte[EventIds.Length];
        ids.Write(position, id);
        return Encoding.ASCII.GetString(id);
    }
}
