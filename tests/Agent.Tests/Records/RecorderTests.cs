using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Records;

public sealed class RecorderTests : IDisposable
{
    static readonly Selector Nothing = new(Some.Selectors());

    readonly ManualTime time = new();
    readonly Recorder recorder;

    public RecorderTests() => recorder = new(Some.Origin, null, time);

    public void Dispose() => recorder.Dispose();

    [Fact]
    public void AnEventThatIsAskedForIsRecordedWithItsTime()
    {
        var made = recorder.Make(new(AuditLine.Of(), Some.Position, null), Selector.Everything, out var eventTime);

        Assert.Equal(Recorded.Event, made);
        Assert.Equal("2026-11-22T05:35:25.608888Z"u8, eventTime);
        Assert.Equal(Recording.RecordOf(AuditLine.Of()), Encoding.UTF8.GetString(recorder.Record));
    }

    [Fact]
    public void AnEventThatNobodyAsksForIsNot()
    {
        var made = recorder.Make(new(AuditLine.Of(), Some.Position, null), Nothing, out _);

        Assert.Equal(Recorded.NotSelected, made);
    }

    [Fact]
    public void TheLevelIsTheSelectors()
    {
        var metadata = new Selector(Some.Selectors(new SelectorRule { Level = SelectorLevel.Metadata }));

        recorder.Make(new(AuditLine.Of(("requestObject", "{}")), Some.Position, null), metadata, out _);

        Assert.Equal("Metadata", (string?)Json()["recordedLevel"]);
        Assert.Null(Json()["event"]!["requestObject"]);
    }

    [Theory]
    [InlineData("not json \" \\ \t", "NotJson")]
    [InlineData("", "NotJson")]
    [InlineData("{\"kind\":\"Event\"}", "NotAnAuditEvent")]
    [InlineData("ä€😀\u2028<&>", "NotJson")]
    public void ALineThatIsNoEventIsRecordedWhoeverAsks(string text, string reason)
    {
        var line = Encoding.UTF8.GetBytes(text);

        var made = recorder.Make(new(line, Some.Position, null), Nothing, out var eventTime);

        Assert.Equal(Recorded.Unparsable, made);
        Assert.True(eventTime.IsEmpty);
        AssertOdd("Unparsable", reason, line.Length, SHA256.HashData(line));
        Assert.Equal(text, (string?)Json()["line"]!["text"]);
    }

    [Fact]
    public void ALineThatIsNoTextIsKeptInBase64()
    {
        byte[] line = [.. "{\"level\":\""u8, 0xff, 0x00, (byte)'"'];

        recorder.Make(new(line, Some.Position, null), Nothing, out _);

        AssertOdd("Unparsable", "NotJson", line.Length, SHA256.HashData(line));
        Assert.Equal(line, Convert.FromBase64String((string)Json()["line"]!["base64"]!));
        Assert.Null(Json()["line"]!["text"]);
    }

    [Fact]
    public void OfALineThatIsTooLongHashSizeAndHeadAreKept()
    {
        var sha256 = SHA256.HashData("all of it"u8);

        var made = recorder.Make(new("{\"kind\":\"Ev"u8, Some.Position, new Oversized(5_000_000_000, sha256)), Nothing, out _);

        Assert.Equal(Recorded.Oversized, made);
        AssertOdd("Oversized", "LongerThanMaxEventBytes", 5_000_000_000, sha256);
        Assert.Equal("{\"kind\":\"Ev", (string?)Json()["line"]!["text"]);
    }

    [Fact]
    public void ARecordIsOneLineEvenOfALargeEvent()
    {
        var line = AuditLine.Of(("requestObject", $"\"{new string('x', 1 << 20)}\""));

        recorder.Make(new(line, Some.Position, null), Selector.Everything, out _);

        Assert.Equal(recorder.Record.Length - 1, recorder.Record.IndexOf((byte)'\n'));
        Assert.True(recorder.Record.IndexOf(line) > 0);
    }

    void AssertOdd(string category, string reason, long bytes, byte[] sha256)
    {
        Assert.Equal(recorder.Record.Length - 1, recorder.Record.IndexOf((byte)'\n'));
        var record = Json();
        Assert.Equal(
            (category, reason, "2026-11-22T05:36:00.000000Z", "1.0", "prod", "cp-1", "main"),
            (Text("eventCategory"), Text("reason"), Text("eventTime"), Text("eventVersion"), Text("clusterName"), Text("nodeName"), Text("trail")));
        Assert.EndsWith("-0000000000001267", Text("eventID"), StringComparison.Ordinal);
        Assert.Equal((bytes, Convert.ToHexStringLower(sha256)), ((long)record["line"]!["bytes"]!, (string?)record["line"]!["sha256"]));

        string? Text(string name) => (string?)record[name];
    }

    JsonNode Json() => JsonNode.Parse(recorder.Record)!;
}
