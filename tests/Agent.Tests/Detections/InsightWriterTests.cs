using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Tests.Records;
using ClusterTrail.Agent.Tests.Telemetry;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Detections;

public sealed class InsightWriterTests : IDisposable
{
    // What stands before the details is the event's own envelope.
    static readonly string[] Envelope =
    [
        "eventVersion", "eventTime", "eventSource", "eventName", "readOnly", "userIdentity", "sourceIPAddress", "forwardedFor", "errorCode",
        "clusterName", "nodeName", "trail",
    ];

    readonly InsightWriter writer = new(Some.Origin, new RecordWriter(Some.Origin));

    public void Dispose() => writer.Dispose();

    [Fact]
    public void ItIsTheEnvelopeOfTheEventWithWhatFired()
    {
        var line = AuditLine.Of(("responseStatus", """{"code":403,"reason":"Forbidden"}"""), ("sourceIPs", """["1.1.1.1","10.0.0.7"]"""),
            ("impersonatedUser", """{"username":"root"}"""));
        var rule = Some.Rule("pod-exec") with
        {
            Runbook = "https://example.com/a?b&c",
            Tags = ["MITRE:T1609"],
            Description = "Somebody's \"shell\" <b> ü.",
        };

        var insight = Write(line, AuditLevel.Metadata, rule);

        var (record, own) = (Parse(insight), JsonNode.Parse(Recording.RecordOf(line))!);
        Assert.All(Envelope, field => Assert.True(JsonNode.DeepEquals(own[field], record[field]), field));
        Assert.NotNull(own["forwardedFor"]);
        Assert.Equal("Insight", (string?)record["eventCategory"]);
        Assert.Equal($"{own["eventID"]}-pod-exec", (string?)record["eventID"]);
        Assert.Equal(insight.EventId, (string?)record["eventID"]);
        AssertJson(
            $$"""
            {
              "rule": "pod-exec", "severity": "high", "group": "access", "description": "Somebody's \"shell\" <b> ü.", "runbook": "https://example.com/a?b&c",
              "tags": ["MITRE:T1609"], "eventIDs": ["{{own["eventID"]}}"]
            }
            """, record["insightDetails"]);
        Assert.Null(record["event"]);
        Assert.Null(record["recordedLevel"]);
        Assert.True(JsonNode.DeepEquals(own["event"]!["objectRef"], record["objectRef"]));
        Assert.Equal(Envelope.Length + 4, record.Count);
    }

    [Fact]
    public void ABurstTellsHowManyInHowLongByWhatAndItsEvidence()
    {
        var rule = Some.Rule() with
        {
            Threshold = new() { Count = 20, WindowSeconds = 300, By = ["user.username", "responseStatus.code", "objectRef.subresource"] },
        };
        var line = AuditLine.Of(("user", """{"username":"a\"\\\u003c\n\ud83d\ude00"}"""));
        Position[] evidence = [Some.Position with { Offset = 1 }, Some.Position with { Offset = 2 }, Some.Position];

        var details = Parse(Write(line, AuditLevel.Metadata, rule, evidence))["insightDetails"]!.AsObject();

        AssertJson("""{ "user.username": "a\"\\<\n😀", "responseStatus.code": "200", "objectRef.subresource": "" }""", details["by"]);
        Assert.Equal((20, 300), ((int)details["count"]!, (int)details["windowSeconds"]!));
        Assert.Equal(["0000000000000001", "0000000000000002", "0000000000001267"],
            details["eventIDs"]!.AsArray().Select(id => ((string)id!).Split('-')[1]));
        AssertJson("[]", details["tags"]);
        Assert.False(details.ContainsKey("runbook"));
    }

    [Fact]
    public void TheDocumentedExampleIsWhatIsWritten()
    {
        var rule = Some.Rule("pod-exec") with
        {
            Runbook = "https://clustertrail.io/runbooks/access#pod-exec",
            Tags = ["MITRE:T1609"],
            Description = "Somebody ran a command in a pod, or attached to it.",
        };
        var line = AuditLine.Of(("verb", "\"create\""), AuditLine.ObjectRef("pods", "exec"), ("stage", "\"ResponseStarted\""),
            ("responseStatus", """{"metadata":{},"code":101}"""));

        var example = Encoding.UTF8.GetString(Write(line, AuditLevel.Metadata, rule).Record);

        Assert.Contains(
            $"```json\n{example}```", File.ReadAllText(Repository.PathOf("docs", "archive-format.md")).ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("None", true)]
    [InlineData("Metadata", false)]
    [InlineData("RequestResponse", false)]
    public void TheEventComesAlongWithoutBodiesJustWhenItHasNoRecord(string recorded, bool comes)
    {
        var line = AuditLine.Of(("requestObject", """{"a":"secret"}"""), ("responseObject", """{"b":"secret"}"""));

        var record = Parse(Write(line, Enum.Parse<AuditLevel>(recorded), Some.Rule()));

        Assert.Equal(comes, record.ContainsKey("event"));
        Assert.DoesNotContain("secret", record.ToJsonString(), StringComparison.Ordinal);
        if (comes)
        {
            Assert.Equal("Metadata", (string?)record["recordedLevel"]);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(AuditLine.Of()), record["event"]));
        }
    }

    [Fact]
    public void EveryEventOfARealLogMakesOneLineOfJson()
    {
        var rule = Some.Rule() with { Threshold = new() { Count = 2, WindowSeconds = 1, By = [.. Threshold.AllowedBy.Take(3)] } };
        foreach (var recorded in new[] { AuditLevel.None, AuditLevel.Metadata })
        {
            foreach (var line in RealLog.Lines)
            {
                var insight = Write(line, recorded, rule);

                Assert.Equal(insight.Record.Length - 1, insight.Record.AsSpan().IndexOf((byte)'\n'));
                Assert.Equal(recorded == AuditLevel.None, Parse(insight).ContainsKey("event"));
                Assert.False(
                    JsonNode.Parse([.. insight.Record.AsSpan(0, insight.SummaryLength), (byte)'}'])!.AsObject().ContainsKey("event"));
            }
        }
    }

    Insight Write(byte[] line, AuditLevel recorded, DetectionRule rule, params Position[] evidence)
    {
        Assert.True(AuditEvent.TryParse(line, new JsonIndex(), out var audit, out _));
        return writer.Write(
            audit, recorded, new(0, rule.Threshold?.Count ?? 1, evidence is [] ? [Some.Position] : evidence), rule, Some.Position);
    }

    static JsonObject Parse(Insight insight) => JsonNode.Parse(insight.Record)!.AsObject();

    static void AssertJson(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual?.ToJsonString());
}
