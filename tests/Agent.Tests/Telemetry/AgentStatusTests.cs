using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent.Tests.Telemetry;

public sealed class AgentStatusTests
{
    [Fact]
    public void TheDocumentedExampleIsWhatAnAgentAnswers()
    {
        var document = File.ReadAllText(Repository.PathOf("docs", "metrics.md")).ReplaceLineEndings("\n");

        var json = JsonSerializer.Serialize(SomeTelemetry.Status(), StatusJson.Default.AgentStatus).ReplaceLineEndings("\n");

        Assert.Contains($"```json\n{json}\n```", document);
    }

    [Fact]
    public void AnOlderAgentsStatusIsReadToo()
    {
        var older = JsonNode.Parse(JsonSerializer.Serialize(SomeTelemetry.Status(), StatusJson.Default.AgentStatus))!;
        older.AsObject().Remove("configuration");
        older["sinks"]![0]!.AsObject().Remove("asideBatches");
        older["sinks"]![0]!.AsObject().Remove("firstAside");
        older["sources"]![0]!.AsObject().Remove("insightRecords");

        var status = older.Deserialize(StatusJson.Default.AgentStatus)!;

        Assert.Null(status.Configuration);
        Assert.Null(status.Sources[0].InsightRecords);
        Assert.Null(status.Sinks[0].AsideBatches);
        Assert.Equal(2, status.Sources[0].SelectedEvents);
    }

    [Fact]
    public void AStatusReadsBackAsItWasWritten()
    {
        var status = SomeTelemetry.Status();

        var json = JsonSerializer.Serialize(status, StatusJson.Default.AgentStatus);
        var again = JsonSerializer.Deserialize(json, StatusJson.Default.AgentStatus)!;

        Assert.Equivalent(status, again, strict: true);
    }
}
