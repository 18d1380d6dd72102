using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Records;

public sealed class TruncatedMemberTests
{
    [Fact]
    public void WhoeverReadsTheRecordFindsWhatWasCut()
    {
        var items = string.Join(',', Enumerable.Range(0, 9000));
        var body = $$"""{"a/b":["x",{"c~d":"{{new string('y', 9000)}}"}],"items":[{{items}}],"last":1}""";
        var truncation = Cut(AuditLine.Of(("requestObject", body), ("auditID", $"\"{new string('z', 70_000)}\"")), out var audit);

        var read = RecordedTruncation.Read(ValueOf(truncation), audit);

        Assert.Equal(
            ["/auditID", "/requestObject/a~1b/1/c~0d", "/requestObject/items", "/requestObject"],
            truncation.Cuts.Select(cut => cut.Pointer));
        Assert.Equal(truncation.Cuts, read.Cuts);
        Assert.Equal((truncation.Reason, truncation.Bytes), (read.Reason, read.Bytes));
    }

    // 64 bytes of a pointer are three levels of a body: as far as it leads, everything may be cut.
    [Fact]
    public void APointerTooLongToBeWrittenLeadsAsFarAsItCan()
    {
        var key = new string('k', 100);
        var value = new string('y', 9000);
        var body = $$$"""{"{{{key}}}":{"{{{key}}}":{"{{{key}}}":"{{{value}}}" } } }""";
        var truncation = Cut(AuditLine.Of(("requestObject", body)), out var audit);

        var read = RecordedTruncation.Read(ValueOf(truncation), audit);

        Assert.EndsWith("…", Assert.Single(truncation.Cuts).Pointer);
        Assert.Equal("{\"kkk"u8, audit.Line[Assert.Single(read.Cuts).Position..][..5]);
    }

    [Fact]
    public void OnlyTheFirstHundredAreNamedAndTheBodiesMayHaveMore()
    {
        var strings = string.Join(',', Enumerable.Range(0, 15).Select(_ => $"\"{new string('y', 2000)}\""));
        var many = string.Join(',', Enumerable.Range(0, 200).Select(at => $"\"a{at}\":{new string('1', 100)}"));
        var truncation = Cut(AuditLine.Of(("requestObject", $"{{{many}}}"), ("responseObject", $"[{strings}]")), out var audit);

        var member = Encoding.UTF8.GetString(ValueOf(truncation));
        var read = RecordedTruncation.Read(ValueOf(truncation), audit);

        Assert.Equal(100, JsonNode.Parse(member)!["cuts"]!.AsArray().Count);
        Assert.Equal(truncation.Cuts.Count - 100, (int)JsonNode.Parse(member)!["moreCuts"]!);
        Assert.True(read.IsCutAt(audit.Index.Position(audit.RequestObject + 2)));
        Assert.True(read.IsCutAt(audit.Index.Position(audit.ResponseObject + 2)));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"reason":1,"bytes":1,"cuts":[]}""")]
    [InlineData("""{"reason":"Oversized","bytes":"1","cuts":[]}""")]
    [InlineData("""{"reason":"Oversized","bytes":1,"cuts":{}}""")]
    [InlineData("""{"reason":"Oversized","bytes":1e99,"cuts":[{"pointer":"/a"}]}""")]
    [InlineData("[]")]
    public void OfAMemberThatNoAgentWritesTheBodiesMayBeCut(string member)
    {
        var line = AuditLine.Of(("requestObject", "{}"));
        Assert.True(AuditEvent.TryParse(line, new(), out var audit, out _));

        var read = RecordedTruncation.Read(Encoding.UTF8.GetBytes(member), audit);

        Assert.True(read.IsCutAt(audit.Index.Position(audit.RequestObject + 2)));
    }

    static ReadOnlySpan<byte> ValueOf(Truncation truncation) =>
        TruncatedMember.Of(truncation, AuditLevel.RequestResponse).AsSpan(",\"truncated\":".Length);

    static Truncation Cut(byte[] text, out AuditEvent audit)
    {
        using var line = new OversizedLine(4096);
        line.Append(text);
        var truncation = line.End().Truncation!;
        Assert.True(AuditEvent.TryParse(line.Text.ToArray(), new JsonIndex(), out audit, out _, truncation));
        return truncation;
    }
}
