using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Agent.Records;
using ClusterTrail.Rules.Aggregates;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Records;

public sealed class AggregateRecordWriterTests
{
    [Fact]
    public void ARecordHasTheEnvelopeOfItsEventsAndTheirCount()
    {
        var first = AuditLine.Of(AuditLine.ObjectRef("secrets", name: "a"), ("impersonatedUser", """{"username":"bob"}"""));
        var last = AuditLine.Of(
            AuditLine.ObjectRef("secrets", name: "b"), ("impersonatedUser", """{"username":"bob"}"""),
            ("userAgent", "\"kubectl/v2\""), ("stageTimestamp", "\"2026-11-22T05:39:00Z\""));

        var record = RecordOf(first, last);

        var ids = new EventIds(Some.Origin);
        Assert.Equal(
            """
            {"eventVersion":"1.0","eventID":"ID_1-Aggregate","eventTime":"2026-11-22T05:35:25.608888Z",
            "eventCategory":"Aggregate","eventSource":"core","eventName":"get secrets","readOnly":true,
            "userIdentity":{"type":"User","userName":"ann","actingAs":"bob"},"sourceIPAddress":"10.0.0.7",
            "clusterName":"prod","nodeName":"cp-1","trail":"main","objectRef":{"resource":"secrets","namespace":"shop"},
            "timeWindow":{"windowStart":"2026-11-22T05:35:00Z","windowEnd":"2026-11-22T05:40:00Z","windowSize":"PT5M"},
            "aggregateDetails":{"count":2,"firstEventTime":"2026-11-22T05:35:25.608888Z","lastEventTime":"2026-11-22T05:39:00.000000Z",
            "firstEventID":"ID_1","lastEventID":"ID_2",
            "stage":"ResponseComplete","statusCode":200,"userAgent":"kubectl","names":["a","b"]}}

            """.ReplaceLineEndings("")
                .Replace("ID_1", ids.Of(Some.Position), StringComparison.Ordinal)
                .Replace("ID_2", ids.Of(Some.Position with { Offset = Some.Position.Offset + 1 }), StringComparison.Ordinal) + "\n",
            record);
    }

    [Fact]
    public void AFailedRequestSaysWhyAndARequestWithoutAnObjectItsPath()
    {
        var record = JsonNode.Parse(RecordOf(AuditLine.Of(
            ("objectRef", null), ("requestURI", "\"/metrics?a=b\""), ("responseStatus", """{"code":403,"reason":"Forbidden"}"""),
            ("sourceIPs", null), ("userAgent", null), ("verb", "\"post\""))))!;

        Assert.Equal(("post /metrics", "Forbidden"), ((string?)record["eventName"], (string?)record["errorCode"]));
        Assert.Equal((false, 403), ((bool)record["readOnly"]!, (int)record["aggregateDetails"]!["statusCode"]!));
        Assert.All(new[] { "objectRef", "sourceIPAddress" }, name => Assert.Null(record[name]));
        Assert.All(new[] { "userAgent", "names", "moreNames" }, name => Assert.Null(record["aggregateDetails"]![name]));
    }

    [Theory]
    [InlineData("\"a\\\"b\"")]
    [InlineData("007")]
    [InlineData("null")]
    [InlineData("2e2")]
    [InlineData("true")]
    public void WhateverAnEventHasForAStatusTheRecordIsJson(string code)
    {
        var record = JsonNode.Parse(RecordOf(AuditLine.Of(
            ("responseStatus", $$"""{"code":{{(code == "007" ? "\"007\"" : code)}}}"""), AuditLine.ObjectRef("a\\\"b", name: "n\\\\"))))!;

        Assert.Null(record["aggregateDetails"]!["statusCode"]);
        Assert.Equal("a\"b", (string?)record["objectRef"]!["resource"]);
        Assert.Equal("n\\", (string?)record["aggregateDetails"]!["names"]![0]);
    }

    [Fact]
    public void AllEventsOfARealLogAreInCountsThatAreRecords()
    {
        var (keys, index, rollUp) = (new AggregateKeyWriter(), new JsonIndex(), new RollUp());
        var added = 0;
        foreach (var line in RealLog.Lines)
        {
            Assert.True(AuditEvent.TryParse(line, index, out var audit, out _));
            Assert.True(keys.TryWrite(audit, out var key));
            rollUp.Add(key, Some.Position with { Offset = added++ });
        }

        var records = RecordsOf(rollUp).Select(record => JsonNode.Parse(record)!).ToList();

        Assert.Equal(RealLog.Lines.Count, records.Sum(record => (int)record["aggregateDetails"]!["count"]!));
        Assert.Equal(records.Count, records.Select(record => (string?)record["eventID"]).Distinct().Count());
        // What a batch is judged by is not far from what it gets.
        Assert.InRange(RecordsOf(rollUp).Sum(record => record.Length), rollUp.RecordBytes / 2, rollUp.RecordBytes);
    }

    static string RecordOf(params byte[][] lines)
    {
        var (keys, index, rollUp) = (new AggregateKeyWriter(), new JsonIndex(), new RollUp());
        for (var at = 0; at < lines.Length; at++)
        {
            Assert.True(AuditEvent.TryParse(lines[at], index, out var audit, out _));
            Assert.True(keys.TryWrite(audit, out var key));
            rollUp.Add(key, Some.Position with { Offset = Some.Position.Offset + at });
        }

        return Assert.Single(RecordsOf(rollUp));
    }

    static List<string> RecordsOf(RollUp rollUp)
    {
        var (writer, records) = (new AggregateRecordWriter(Some.Origin), new List<string>());
        using var record = new RecordBuffer();
        for (var at = 0; at < rollUp.Count; at++)
        {
            writer.Write(rollUp[at], record);
            records.Add(Encoding.UTF8.GetString(record.Written));
        }

        return records;
    }
}
