using System.Text.Encodings.Web;
using System.Text.Json;

namespace ClusterTrail.Kubectl.Insights;

/// <summary>A line of JSON for each start, each end and each thing that was seen first, as agents record it.</summary>
/// <param name="output">A buffered stream.</param>
sealed class InsightsJson(Stream output) : IInsightsPrinter
{
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Print(ReplayedInsight insight)
    {
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            json.WriteString("eventTime", insight.Time);
            json.WriteString("apiEventID", insight.EventId);
            json.WriteString("clusterName", insight.Source.Cluster);
            json.WriteString("trail", insight.Source.Trail);
            json.WriteString("nodeName", insight.Source.Node);
            json.WritePropertyName("insightDetails");
            json.WriteRawValue(insight.Details);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    public void Finish(long counted) => output.Flush();
}
