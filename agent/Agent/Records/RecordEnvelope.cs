using System.Text;
using System.Text.Json;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Records;

/// <summary>What the envelope of every record begins and ends with.</summary>
sealed class RecordEnvelope(Origin origin)
{
    // The members that Begin writes, apart from what it is given.
    const int BeginLength = 256;

    readonly EventIds ids = new(origin);
    readonly byte[] tail = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
    {
        ["clusterName"] = origin.ClusterName,
        ["nodeName"] = origin.NodeName,
        ["trail"] = origin.Trail,
    })[1..^1];

    /// <summary>How much room both take, the time and the rule apart.</summary>
    public int Length => BeginLength + tail.Length;

    /// <summary>Writes the first members, up to the value of <c>eventCategory</c>; its closing quote is the caller's.</summary>
    /// <param name="rule">The rule that fired, a part of the record's id; empty for the record of an event.</param>
    public void Begin(Position position, string rule, ReadOnlySpan<byte> time, ReadOnlySpan<byte> category, RecordBuffer record)
    {
        record.Append("{\"eventVersion\":\"1.0\",\"eventID\":\""u8);
        ids.Write(position, record.Take(EventIds.Length));
        if (rule.Length > 0)
        {
            record.Append("-"u8);
            Encoding.ASCII.GetBytes(rule, record.Take(rule.Length));
        }

        record.Append("\",\"eventTime\":\""u8);
        record.Append(time);
        record.Append("\",\"eventCategory\":\""u8);
        record.Append(category);
    }

    /// <summary>Writes where the record comes from, without a comma around it.</summary>
    public void End(RecordBuffer record) => record.Append(tail);
}
