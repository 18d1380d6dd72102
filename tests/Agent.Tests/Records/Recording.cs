using System.Text;
using ClusterTrail.Agent.Records;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Tests.Records;

/// <summary>The record of a line, as text.</summary>
static class Recording
{
    public static string RecordOf(byte[] line, string? level = null)
    {
        using var record = new RecordBuffer();
        Assert.True(AuditEvent.TryParse(line, new JsonIndex(), out var audit, out _));
        new RecordWriter(Some.Origin).Write(audit, level is null ? audit.Level : Enum.Parse<AuditLevel>(level), Some.Position, record);
        return Encoding.UTF8.GetString(record.Written);
    }

    /// <summary>The event within the record, byte for byte.</summary>
    public static string EventOf(byte[] line, string level)
    {
        const string Before = ",\"event\":";
        var record = RecordOf(line, level);
        Assert.EndsWith("}\n", record, StringComparison.Ordinal);
        return record[(record.IndexOf(Before, StringComparison.Ordinal) + Before.Length)..^2];
    }
}
