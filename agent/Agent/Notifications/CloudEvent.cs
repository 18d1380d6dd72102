using System.Text;
using System.Text.Json;
using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Records;

namespace ClusterTrail.Agent.Notifications;

/// <summary>A finding as a CloudEvent 1.0 in JSON; its data is the finding's record without the event.</summary>
/// <remarks>Its id is the record's eventID, so that a receiver can detect duplicates.</remarks>
static class CloudEvent
{
    public const string ContentType = "application/cloudevents+json";

    const string Type = "io.clustertrail.finding.v1";

    /// <summary>One line, with its line break.</summary>
    public static byte[] Of(Insight insight, Origin origin)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("specversion", "1.0");
            json.WriteString("id", insight.EventId);
            json.WriteString("source", $"/clusters/{origin.ClusterName}/trails/{origin.Trail}/nodes/{origin.NodeName}");
            json.WriteString("type", Type);
            json.WriteString("subject", insight.Rule.Name);
            if (insight.At.Length > 0)
                json.WriteString("time", Encoding.UTF8.GetString(insight.At));
            json.WriteString("datacontenttype", "application/json");
            json.WritePropertyName("data");
            json.WriteRawValue([.. insight.Record.AsSpan(0, insight.SummaryLength), (byte)'}']);
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    /// <summary>The id of a CloudEvent.</summary>
    public static string IdOf(ReadOnlyMemory<byte> cloudEvent)
    {
        using var json = JsonDocument.Parse(cloudEvent);
        return json.RootElement.GetProperty("id").GetString()!;
    }
}
