using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Records;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests;

public sealed class ProcessRecorderTests : IDisposable
{
    const string Line =
        """{"kind":"ProcessEvent","apiVersion":"audit.clustertrail.io/v1alpha1","time":"2026-11-26T10:00:00.000001Z","container":{"id":"0123","name":"app","namespace":"shop","pod":"cart-0","podUID":"u-1"},"process":{"pid":4711,"executable":"/bin/sh","arguments":["sh","-c","id"],"uid":0}}""";

    const string Host = """{"kind":"ProcessEvent","apiVersion":"audit.clustertrail.io/v1alpha1","time":"t","process":{"executable":"/bin/sh"}}""";

    const string Loss =
        """{"kind":"ProcessLoss","apiVersion":"audit.clustertrail.io/v1alpha1","time":"t","loss":{"reason":"BufferFull","count":3}}""";

    readonly ManualTime time = new();
    readonly List<ProcessRecorder> recorders = [];

    public void Dispose() => recorders.ForEach(recorder => recorder.Dispose());

    [Fact]
    public void AProcessIsAWorkloadRecordWithItsPod()
    {
        var made = Record(New(), Line, out var outcome);

        Assert.Equal(Recorded.Event, outcome);
        Assert.Equal(
            """{"eventVersion":"1.0","eventID":"ID","eventTime":"2026-11-26T10:00:00.000001Z","eventCategory":"Workload","eventSource":"process","eventName":"exec","readOnly":false,"objectRef":{"resource":"pods","namespace":"shop","name":"cart-0","uid":"u-1"},"clusterName":"prod","nodeName":"cp-1","trail":"main","event":"""
                + Line + "}\n",
            made.Replace((string)JsonNode.Parse(made)!["eventID"]!, "ID", StringComparison.Ordinal));
    }

    [Fact]
    public void AProcessOutsideContainersHasNoPod() => Assert.Null(JsonNode.Parse(Record(New(), Host, out _))!["objectRef"]);

    [Fact]
    public void ALossIsARecord()
    {
        var record = JsonNode.Parse(Record(New(), Loss, out var outcome))!;

        Assert.Equal((Recorded.Event, "lost"), (outcome, (string?)record["eventName"]));
        Assert.Equal(3, (int?)record["event"]!["loss"]!["count"]);
    }

    [Theory]
    [InlineData("not json", "NotJson")]
    [InlineData("[]", "NotAProcessEvent")]
    [InlineData("""{"kind":"Event","apiVersion":"audit.k8s.io/v1","time":"t"}""", "NotAProcessEvent")]
    [InlineData("""{"kind":"ProcessEvent","apiVersion":"audit.clustertrail.io/v2","time":"t"}""", "NotAProcessEvent")]
    [InlineData("""{"kind":"ProcessEvent","apiVersion":"audit.clustertrail.io/v1alpha1"}""", "NotAProcessEvent")]
    public void WhatIsNoneIsRecordedAsItIs(string line, string reason)
    {
        var record = JsonNode.Parse(Record(New(), line, out var outcome))!;

        Assert.Equal((Recorded.Unparsable, reason), (outcome, (string?)record["reason"]));
        Assert.Equal(line, (string?)record["line"]!["text"]);
    }

    [Theory]
    [InlineData("/bin/sh", 1)]
    [InlineData("/bin/true", 0)]
    public void ARuleOfProcessesFiresOnItsFields(string executable, int findings)
    {
        var rule = Some.Rule() with
        {
            Source = RuleSource.Process,
            Match = new()
            {
                Namespaces = ["shop"],
                Fields =
                [
                    new() { Path = "process.executable", Operator = FieldOperator.EndsWith, Values = ["/sh"] },
                    new() { Path = "process.arguments[*]", Operator = FieldOperator.Equals, Values = ["-c"] },
                    new() { Path = "process.uid", Operator = FieldOperator.Equals, Values = ["0"] },
                    new() { Path = "container.name", Operator = FieldOperator.Equals, Values = ["app"] },
                ],
            },
        };
        var recorder = New(rule);

        var made = recorder.Record(new(Encoding.UTF8.GetBytes(Line.Replace("/bin/sh", executable, StringComparison.Ordinal)), Some.Position, null));

        Assert.Equal(findings, made.Insights.Count);
        foreach (var insight in made.Insights)
        {
            var record = JsonNode.Parse(insight.Record)!;
            Assert.Equal(
                ("Insight", "process", "exec", "cart-0"),
                ((string?)record["eventCategory"], (string?)record["eventSource"], (string?)record["eventName"],
                    (string?)record["objectRef"]!["name"]));
            Assert.Null(record["userIdentity"]);
        }
    }

    [Fact]
    public void ARuleOfAuditEventsIsNotAboutProcesses()
    {
        var made = New(Some.Rule()).Record(new(Encoding.UTF8.GetBytes(Line), Some.Position, null));

        Assert.Empty(made.Insights);
    }

    [Fact]
    public void ALossFiresNoRule()
    {
        var made = New(Some.Rule() with { Source = RuleSource.Process }).Record(new(Encoding.UTF8.GetBytes(Loss), Some.Position, null));

        Assert.Empty(made.Insights);
    }

    static string Record(ProcessRecorder recorder, string line, out Recorded outcome)
    {
        var made = recorder.Record(new(Encoding.UTF8.GetBytes(line), Some.Position, null));
        outcome = made.Outcome;
        return Encoding.UTF8.GetString(made.Record);
    }

    ProcessRecorder New(params DetectionRule[] rules)
    {
        var log = new FindingLog(new(new("test"), "main"), time, NullLogger.Instance);
        var detector = new SourceDetector(Some.Origin, Some.InForce(time, rules), log, new WorkloadRecordWriter(Some.Origin));
        recorders.Add(new(Some.Origin, detector, time));
        return recorders[^1];
    }
}
