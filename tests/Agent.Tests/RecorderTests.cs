using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Agent.Tests.Records;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Selectors;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests;

public sealed class RecorderTests : IDisposable
{
    static readonly Selector Nothing = new(Some.Selectors());
    static readonly Selector Aggregating = new(Some.Selectors(new SelectorRule { Level = SelectorLevel.Metadata, Aggregate = true }));

    readonly ManualTime time = new();
    readonly List<Recorder> recorders = [];

    public void Dispose() => recorders.ForEach(recorder => recorder.Dispose());

    [Fact]
    public void AnEventThatIsAskedForIsRecordedWithItsTime()
    {
        var made = New(Selector.Everything).Record(new(AuditLine.Of(), Some.Position, null));

        Assert.Equal(Recorded.Event, made.Outcome);
        Assert.Equal("2026-11-22T05:35:25.608888Z"u8, made.EventTime);
        Assert.Equal(Recording.RecordOf(AuditLine.Of()), Encoding.UTF8.GetString(made.Record));
        Assert.Empty(made.Insights);
    }

    [Fact]
    public void AnEventThatNobodyAsksForIsNot()
    {
        var made = New(Nothing).Record(new(AuditLine.Of(), Some.Position, null));

        Assert.Equal(Recorded.NotSelected, made.Outcome);
        Assert.True(made.Record.IsEmpty);
        Assert.Equal("2026-11-22T05:35:25.608888Z"u8, made.EventTime);
    }

    [Fact]
    public void AFindingIsThereThoughNobodyAsksForItsEvent()
    {
        using var metrics = new AgentMetrics(new("0.1.0", "test"));
        var detector = new SourceDetector(
            Some.Origin, Some.InForce(time, Some.Rule()), new(new(metrics.Meter, "main"), time, NullLogger.Instance));

        var made = New(Nothing, detector).Record(new(AuditLine.Of(), Some.Position, null));

        Assert.Equal(Recorded.NotSelected, made.Outcome);
        Assert.Equal("some-rule", Assert.Single(made.Insights).Rule.Name);
    }

    [Fact]
    public void AnEventOfARuleThatAggregatesIsCountedAndHasNoRecord()
    {
        using var metrics = new AgentMetrics(new("0.1.0", "test"));
        var detector = new SourceDetector(
            Some.Origin, Some.InForce(time, Some.Rule()), new(new(metrics.Meter, "main"), time, NullLogger.Instance));

        var made = New(Aggregating, detector).Record(new(AuditLine.Of(), Some.Position, null));

        Assert.Equal(Recorded.Aggregated, made.Outcome);
        Assert.True(made.Record.IsEmpty);
        Assert.Equal("2026-11-22T05:35:25.608888Z"u8, made.EventTime);
        Assert.Equal("web"u8, made.Key.Name);
        // Detections see it, and what they find brings it along, as it has no record.
        Assert.Equal("Metadata", (string?)JsonNode.Parse(Assert.Single(made.Insights).Record)!["recordedLevel"]);
    }

    [Fact]
    public void AnEventThatCannotBeCountedIsRecorded()
    {
        var made = New(Aggregating).Record(new(AuditLine.Of(("stageTimestamp", "\"yesterday\""), ("requestObject", "{}")), Some.Position, null));
        Assert.Equal(Recorded.Event, made.Outcome);
        Assert.Equal("Metadata", (string?)RecordOf(made)["recordedLevel"]);

        var cut = RecordOversized(AuditLine.Of(("requestObject", $"\"{new string('a', 20_000)}\"")), Aggregating, out var outcome);
        Assert.Equal(Recorded.Event, outcome);
        Assert.NotNull(cut["truncated"]);
    }

    [Fact]
    public void TheLevelIsTheSelectors()
    {
        var metadata = new Selector(Some.Selectors(new SelectorRule { Level = SelectorLevel.Metadata }));

        var made = New(metadata).Record(new(AuditLine.Of(("requestObject", "{}")), Some.Position, null));

        var record = JsonNode.Parse(made.Record)!;
        Assert.Equal("Metadata", (string?)record["recordedLevel"]);
        Assert.Null(record["event"]!["requestObject"]);
    }

    [Theory]
    [InlineData("not json \" \\ \t", "NotJson")]
    [InlineData("", "NotJson")]
    [InlineData("{\"kind\":\"Event\"}", "NotAnAuditEvent")]
    [InlineData("ä€😀\u2028<&>", "NotJson")]
    public void ALineThatIsNoEventIsRecordedWhoeverAsks(string text, string reason)
    {
        var line = Encoding.UTF8.GetBytes(text);

        var made = New(Nothing).Record(new(line, Some.Position, null));

        Assert.Equal(Recorded.Unparsable, made.Outcome);
        Assert.True(made.EventTime.IsEmpty);
        var record = AssertUnparsed(made, "Unparsable", reason, line.Length, SHA256.HashData(line));
        Assert.Equal(text, (string?)record["line"]!["text"]);
    }

    [Fact]
    public void ALineThatIsNoTextIsKeptInBase64()
    {
        byte[] line = [.. "{\"level\":\""u8, 0xff, 0x00, (byte)'"'];

        var made = New(Nothing).Record(new(line, Some.Position, null));

        var record = AssertUnparsed(made, "Unparsable", "NotJson", line.Length, SHA256.HashData(line));
        Assert.Equal(line, Convert.FromBase64String((string)record["line"]!["base64"]!));
        Assert.Null(record["line"]!["text"]);
    }

    [Fact]
    public void OfALongLineThatIsNoJsonHashSizeAndHeadAreKept()
    {
        var sha256 = SHA256.HashData("all of it"u8);

        var made = New(Nothing).Record(new("{\"kind\":\"Ev"u8, Some.Position, new Oversized(5_000_000_000, sha256)));

        Assert.Equal(Recorded.Unparsable, made.Outcome);
        var record = AssertUnparsed(made, "Unparsable", "NotJson", 5_000_000_000, sha256);
        Assert.Equal("{\"kind\":\"Ev", (string?)record["line"]!["text"]);
    }

    [Fact]
    public void AnEventOfAnyLengthIsJudgedAndRecordedAndWhatIsCutIsNamed()
    {
        var line = AuditLine.Of(
            ("requestURI", $"\"/{new string('<', 100_000).Replace("<", "\\u003c")}\""), ("auditID", $"\"{new string('a', 100_000)}\""));

        var record = RecordOversized(line, Selector.Everything, out var outcome);

        Assert.Equal(Recorded.Event, outcome);
        Assert.Equal(("ann", "10.0.0.7"), ((string?)record["userIdentity"]!["userName"], (string?)record["sourceIPAddress"]));
        Assert.Equal($"/{new string('<', 100_000)}", (string?)record["event"]!["requestURI"]);
        Assert.Equal(1 << 16, ((string)record["event"]!["auditID"]!).Length);
        var truncated = record["truncated"]!;
        Assert.Equal(
            ("LongerThanMaxEventBytes", line.Length, Convert.ToHexStringLower(SHA256.HashData(line))),
            ((string?)truncated["reason"], (int)truncated["bytes"]!, (string?)truncated["sha256"]));
        Assert.Equal("""[{"pointer":"/auditID","bytes":100000}]""", truncated["cuts"]!.ToJsonString());
    }

    [Fact]
    public void WhatIsCutInABodyThatIsNotRecordedIsNotNamed()
    {
        var body = $"{{\"a\":\"{new string('x', 100_000)}\"}}";
        var line = AuditLine.Of(("level", "\"Request\""), ("requestObject", body), ("auditID", body[5..^1]));

        var whole = RecordOversized(line, Selector.Everything, out _);
        var cut = RecordOversized(line, new(Some.Selectors(new SelectorRule { Level = SelectorLevel.Metadata })), out _);

        Assert.Equal(["/auditID", "/requestObject/a"], Pointers(whole));
        Assert.Equal(["/auditID"], Pointers(cut));
        Assert.Null(cut["event"]!["requestObject"]);

        static IEnumerable<string?> Pointers(JsonNode record) =>
            record["truncated"]!["cuts"]!.AsArray().Select(cut => (string?)cut!["pointer"]).Order();
    }

    [Fact]
    public void WhatIsNestedTooDeepHidesNothing()
    {
        var line = AuditLine.Of(("level", "\"Request\""), ("requestObject", $"{new string('[', 600)}{new string(']', 600)}"));

        var record = RecordOf(New(Selector.Everything).Record(new(line, Some.Position, null)));

        Assert.Equal("Management", (string?)record["eventCategory"]);
        Assert.Equal("NestedTooDeep", (string?)record["truncated"]!["reason"]);
        Assert.Equal(line.Length, (int)record["truncated"]!["bytes"]!);
        Assert.StartsWith("/requestObject/0/0/", (string?)record["truncated"]!["cuts"]![0]!["pointer"]);
    }

    // Of such an event all has room that is not nested too deep.
    [Fact]
    public void ManyThingsNestedTooDeepTakeTheRoomOfNothingElse()
    {
        var deep = $"{new string('[', 600)}{new string(']', 600)}";
        var text = new string('x', 100_000);
        var line = AuditLine.Of(
            ("level", "\"Request\""),
            ("requestObject", $$"""{"a":[{{string.Join(',', Enumerable.Repeat(deep, 1100))}}],"b":"{{text}}","c":"d"}"""));

        var record = RecordOf(New(Selector.Everything).Record(new(line, Some.Position, null)));

        Assert.Equal((text, "d"), ((string?)record["event"]!["requestObject"]!["b"], (string?)record["event"]!["requestObject"]!["c"]));
        Assert.Equal(1000, (int)record["truncated"]!["moreCuts"]!);
    }

    // Of a percent-encoded byte of the request line, which takes three there, six are in objectRef.
    [Fact]
    public void AFindingIsThereHoweverLongTheNameOfAResource()
    {
        using var metrics = new AgentMetrics(new("0.1.0", "test"));
        var detector = new SourceDetector(
            Some.Origin, Some.InForce(time, Some.Rule()), new(new(metrics.Meter, "main"), time, NullLogger.Instance));
        var recorder = New(Nothing, detector);

        for (var letters = 7000; letters < 15_000; letters += 100)
        {
            var line = AuditLine.Of(
                ("requestURI", $"\"/api/v1/{string.Concat(Enumerable.Repeat("%01", letters))}\""),
                AuditLine.ObjectRef(string.Concat(Enumerable.Repeat("\\u0001", letters))));

            Assert.Single(recorder.Record(new(line, Some.Position, null)).Insights);
        }
    }

    // The API server passes the bytes of a patch on as they came.
    [Fact]
    public void BytesThatAreNotUtf8HideNothing()
    {
        byte[] line = [.. AuditLine.Of(("verb", "\"patch\""), ("level", "\"Request\""), ("requestObject", "{\"a\":\"~\"}"))];
        line[line.AsSpan().IndexOf("~"u8)] = 0xFF;

        var record = RecordOf(New(Selector.Everything).Record(new(line, Some.Position, null)));

        Assert.Equal("Management", (string?)record["eventCategory"]);
        Assert.Equal("\uFFFD", (string?)record["event"]!["requestObject"]!["a"]);
        Assert.Equal("NotUtf8", (string?)record["truncated"]!["reason"]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(line)), (string?)record["truncated"]!["sha256"]);
        Assert.Empty(record["truncated"]!["cuts"]!.AsArray());
    }

    [Fact]
    public void ARecordIsOneLineEvenOfALargeEvent()
    {
        var line = AuditLine.Of(("requestObject", $"\"{new string('x', 1 << 20)}\""));

        var made = New(Selector.Everything).Record(new(line, Some.Position, null));

        Assert.Equal(made.Record.Length - 1, made.Record.IndexOf((byte)'\n'));
        Assert.True(made.Record.IndexOf(line) > 0);
    }

    JsonNode RecordOversized(byte[] text, Selector selector, out Recorded outcome)
    {
        using var line = new OversizedLine(4096);
        line.Append(text);
        var oversized = line.End();
        var made = New(selector).Record(new(line.Text, Some.Position, oversized));
        outcome = made.Outcome;
        return RecordOf(made);
    }

    static JsonNode RecordOf(RecordedLine made) => JsonNode.Parse(made.Record, documentOptions: new() { MaxDepth = 1024 })!;

    Recorder New(Selector selector, SourceDetector? detector = null)
    {
        recorders.Add(new(Some.Origin, Some.Selecting(selector, time), detector, time));
        return recorders[^1];
    }

    static JsonNode AssertUnparsed(RecordedLine made, string category, string reason, long bytes, byte[] sha256)
    {
        Assert.Equal(made.Record.Length - 1, made.Record.IndexOf((byte)'\n'));
        var record = JsonNode.Parse(made.Record)!;
        Assert.Equal(
            (category, reason, "2026-11-22T05:36:00.000000Z", "1.0", "prod", "cp-1", "main"),
            (Text("eventCategory"), Text("reason"), Text("eventTime"), Text("eventVersion"), Text("clusterName"), Text("nodeName"),
                Text("trail")));
        Assert.EndsWith("-0000000000001267", Text("eventID"), StringComparison.Ordinal);
        Assert.Equal((bytes, Convert.ToHexStringLower(sha256)), ((long)record["line"]!["bytes"]!, (string?)record["line"]!["sha256"]));
        return record;

        string? Text(string name) => (string?)record[name];
    }
}
