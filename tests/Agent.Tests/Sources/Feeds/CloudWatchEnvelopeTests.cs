using System.Text;
using System.Text.Json;
using ClusterTrail.Agent.Sources.Feeds;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Tests.Sources.Feeds;

public sealed class CloudWatchEnvelopeTests
{
    static readonly string One = FeedTextsOf.Event("one");

    static (List<string> Lines, FeedCounts Counts) Unwrap(string text) => FeedTextsOf.Unwrap(CloudWatchEnvelope.Unwrap, text);

    [Fact]
    public void EachMessageIsTheEventThatItWasMadeFrom()
    {
        var two = FeedTextsOf.Event("two").Replace("\"verb\"", "\"x\":\"é \\u00e9 \\n \\\" 😀\",\"verb\"", StringComparison.Ordinal);

        var (lines, counts) = Unwrap(FeedTextsOf.Envelope([One, $"{two}\n"]));

        Assert.Equal([One, two], lines);
        Assert.Equal(new FeedCounts(2, 0, 0, 0), counts);
    }

    [Theory]
    [InlineData("kube-apiserver-73b1c9e8d0f14b24a5c2b7a4d5a6f3c1", "DATA_MESSAGE")]
    [InlineData("authenticator-73b1c9e8d0f14b24a5c2b7a4d5a6f3c1", "DATA_MESSAGE")]
    [InlineData(FeedTextsOf.AuditStream, "CONTROL_MESSAGE")]
    public void OtherStreamsAndMessagesAreCountedAndNotRecorded(string stream, string type)
    {
        var (lines, counts) = Unwrap(FeedTextsOf.Envelope(["CWL CONTROL MESSAGE: Checking health of destination."], stream, type));

        Assert.Empty(lines);
        Assert.Equal(new FeedCounts(0, 0, 1, 0), counts);
    }

    [Theory]
    [InlineData("""{"\ud800xxxxxxxxxxx":1}""")]
    [InlineData("""{"messageType":"\ud800xxxxxxxxxxx","logStream":"a","logEvents":[]}""")]
    [InlineData("""{"messageType":"DATA_MESSAGE","logStream":"kube-apiserver-audit-1","logEvents":[{"\ud800xxxxx":1}]}""")]
    public void HalfOfASurrogatePairIsUnreadableAndStopsNothing(string text)
    {
        var (lines, counts) = Unwrap(text);

        Assert.Single(lines);
        Assert.Equal(1, counts.Unreadable);
    }

    [Fact]
    public void AnEventThatIsNestedAsDeepAsApiServersTakeItIsAnEvent()
    {
        var deep = One[..^1] + ",\"requestObject\":" + new string('[', 9_000) + new string(']', 9_000) + "}";

        Assert.Equal(new FeedCounts(1, 0, 0, 0), Unwrap(deep).Counts);
        Assert.Equal([deep], Unwrap(FeedTextsOf.Envelope([deep])).Lines);
    }

    [Fact]
    public void AMessageThatFirehoseTookOutIsAnEvent() => Assert.Equal([One], Unwrap(One).Lines);

    [Fact]
    public void AMessageThatIsNoEventIsRecordedWithWhatCloudWatchSaysOfIt()
    {
        var (lines, counts) = Unwrap(FeedTextsOf.Envelope([One, "#journal 1 2", One]));

        Assert.Equal(3, lines.Count);
        Assert.Equal("#journal 1 2", JsonDocument.Parse(lines[1]).RootElement.GetProperty("message").GetString());
        Assert.Equal(new FeedCounts(2, 0, 0, 1), counts);
    }

    [Fact]
    public void HalfASurrogatePairIsRecordedAsItCame()
    {
        var text = FeedTextsOf.Envelope([One, "x"]).Replace("\"message\":\"x\"", "\"message\":\"\\ud800\"", StringComparison.Ordinal);

        var (lines, counts) = Unwrap(text);

        Assert.Equal(One, lines[0]);
        Assert.Contains("\\ud800", lines[1]);
        Assert.Equal(1, counts.Unreadable);
    }

    [Fact]
    public void BrokenJsonIsOneTextAndNoHalfOfItsEvents()
    {
        var text = FeedTextsOf.Envelope([One, One])[..^2] + "x]}";

        var (lines, counts) = Unwrap(text);

        Assert.Equal([text], lines);
        Assert.Equal(new FeedCounts(0, 0, 0, 1), counts);
    }

    [Fact]
    public void MembersMayComeInAnyOrder()
    {
        var text = $$"""
            {"logEvents":[{"message":{{JsonSerializer.Serialize(One)}},"id":"1","timestamp":1}],"messageType":"DATA_MESSAGE",
            "logStream":"{{FeedTextsOf.AuditStream}}"}
            """;

        Assert.Equal([One], Unwrap(text).Lines);
    }

    [Theory]
    [InlineData("\"message\":5")]
    [InlineData("\"message\":null")]
    [InlineData("\"other\":\"x\"")]
    public void AnElementWithoutAMessageIsRecordedAsItIs(string member)
    {
        var text = $$"""{"messageType":"DATA_MESSAGE","logStream":"{{FeedTextsOf.AuditStream}}","logEvents":[{{{member}}},7]}""";

        var (lines, counts) = Unwrap(text);

        Assert.Equal($"{{{member}}}", lines[0]);
        Assert.Equal("""{"clustertrail.io/unreadable":"7"}""", lines[1]);
        Assert.Equal(2, counts.Unreadable);
    }

    [Fact]
    public void ACutEventIsOneThatSaysWhereItWasCut()
    {
        var body = $"\"requestObject\":{{\"data\":\"{new string('x', 1000)}\"}},\"requestReceivedTimestamp\"";
        var whole = One.Replace("\"requestReceivedTimestamp\"", body, StringComparison.Ordinal);
        var cut = whole[..(whole.IndexOf("xxx", StringComparison.Ordinal) + 500)];

        var (lines, counts) = Unwrap(FeedTextsOf.Envelope([cut, One]));

        Assert.Equal(new FeedCounts(2, 1, 0, 0), counts);
        Assert.True(AuditEvent.TryParse(Encoding.UTF8.GetBytes(lines[0]), new(), out var audit, out var reason), reason);
        var json = JsonDocument.Parse(lines[0]).RootElement;
        Assert.Equal("requestObject", json.GetProperty("annotations").GetProperty("clustertrail.io/cut").GetString());
        Assert.False(json.TryGetProperty("requestObject", out _));
        Assert.Equal("2026-05-28T20:26:40.123000Z", json.GetProperty("stageTimestamp").GetString());
        Assert.Equal("one", json.GetProperty("auditID").GetString());
    }

    [Fact]
    public void AnEventMayBeCutAnywhere()
    {
        for (var length = 1; length < One.Length; length++)
        {
            var (lines, counts) = Unwrap(FeedTextsOf.Envelope([One[..length]]));

            Assert.Single(lines);
            Assert.Equal(1, counts.Cut + counts.Unreadable);
            JsonDocument.Parse(lines[0]);
        }
    }
}
