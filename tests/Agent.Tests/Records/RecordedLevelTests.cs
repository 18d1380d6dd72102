using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Records;

/// <summary>What a record leaves out of its event, by the level that is recorded.</summary>
public sealed class RecordedLevelTests
{
    static readonly string[] Bodies = ["requestObject", "responseObject"];

    [Theory]
    [InlineData("requestObject", "Metadata", true)]
    [InlineData("requestObject", "Request", false)]
    [InlineData("requestObject", "RequestResponse", false)]
    [InlineData("responseObject", "Metadata", true)]
    [InlineData("responseObject", "Request", true)]
    [InlineData("responseObject", "RequestResponse", false)]
    public void ABodyAboveTheLevelIsCut(string body, string level, bool isCut)
    {
        var line = AuditLine.Of((body, """{"kind":"Pod"}"""), ("annotations", "{}"));

        var recorded = JsonNode.Parse(Recording.RecordOf(line, level))!;

        Assert.Equal(isCut, recorded["event"]![body] is null);
        Assert.Equal(level == "RequestResponse" ? null : level, (string?)recorded["recordedLevel"]);
    }

    [Theory]
    [InlineData("Metadata")]
    [InlineData("Request")]
    [InlineData("RequestResponse")]
    public void CuttingTakesTheBodiesAndNothingElseWhereverTheyStand(string level)
    {
        string[] others = ["\"level\":\"RequestResponse\"", "\"stage\":\"Panic\"", "\"a\" : [1, {\"requestObject\":{}}]"];
        string[] bodies = ["\"requestObject\":{\"x\":[1,2],\"y\":\"}\"}", "\"responseObject\" : null", "\"requestObject\":\"\""];
        foreach (var members in Orders(others, bodies))
        {
            foreach (var (space, comma) in new[] { ("", ","), (" ", " ,  "), ("\t", ",\r"), ("  ", ",") })
            {
                var line = Encoding.UTF8.GetBytes($"{space}{{{space}{string.Join(comma, members)}{space}}}{space}");

                AssertCut(line, level);
            }
        }
    }

    [Theory]
    [InlineData(
        "Metadata",
        """{"level":"RequestResponse","stage":"Panic","requestObject":{"a":1},"responseObject":{"b":2},"z":3}""",
        """{"level":"RequestResponse","stage":"Panic","z":3}""")]
    [InlineData(
        "Request",
        """{"level":"RequestResponse","stage":"Panic","requestObject":{"a":1},"responseObject":{"b":2},"z":3}""",
        """{"level":"RequestResponse","stage":"Panic","requestObject":{"a":1},"z":3}""")]
    [InlineData(
        "Metadata",
        """{"level":"RequestResponse","stage":"Panic","requestObject":{"a":1},"responseObject":{"b":2}}""",
        """{"level":"RequestResponse","stage":"Panic"}""")]
    [InlineData(
        "Metadata",
        """{"requestObject":{"a":1},"level":"RequestResponse","stage":"Panic","responseObject":{"b":2}}""",
        """{"level":"RequestResponse","stage":"Panic"}""")]
    [InlineData(
        "Metadata",
        """{"responseObject":1,"requestObject":2,"level":"RequestResponse","stage":"Panic"}""",
        """{"level":"RequestResponse","stage":"Panic"}""")]
    [InlineData(
        "Metadata",
        """{"level":"RequestResponse","responseObject":1,"stage":"a,","requestObject":2}""",
        """{"level":"RequestResponse","stage":"a,"}""")]
    public void WhatIsLeftIsTheEventByteForByte(string level, string line, string expected) =>
        Assert.Equal(expected, Recording.EventOf(Encoding.UTF8.GetBytes(line), level));

    [Theory]
    [InlineData("Metadata", "Request")]
    [InlineData("Request", "RequestResponse")]
    [InlineData("RequestResponse", "RequestResponse")]
    public void ALevelNotBelowTheEventsGivesTheEventByteForByte(string own, string level)
    {
        var line = AuditLine.Of(
            ("level", $"\"{own}\""), ("requestObject", "{ \"a\" : 1 }"),
            ("responseObject", "[ 2 ]"), ("unknownField", "{\"x\":\"\\u00e9\"}"));

        var written = Recording.EventOf(line, level);

        Assert.Equal(Encoding.UTF8.GetString(line), written);
        Assert.DoesNotContain("recordedLevel", Recording.RecordOf(line, level), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Metadata")]
    [InlineData("Request")]
    [InlineData("RequestResponse")]
    public void EveryLineOfARealLogIsKeptButForItsBodies(string level)
    {
        foreach (var line in RealLog.Lines)
            AssertCut(line, level);
    }

    static void AssertCut(byte[] line, string level)
    {
        var expected = JsonNode.Parse(line)!.AsObject();
        foreach (var body in Bodies.Where(body => level == "Metadata" || (level == "Request" && body == "responseObject")))
            expected.Remove(body);

        var record = JsonNode.Parse(Recording.RecordOf(line, level))!;

        if (!JsonNode.DeepEquals(expected, record["event"]))
            Assert.Fail($"{level}: {Encoding.UTF8.GetString(line)} became {record["event"]}");
    }

    // All orders of the members with one body, and with both.
    static IEnumerable<string[]> Orders(string[] others, string[] bodies) =>
        bodies.SelectMany(body => Permutations([.. others, body]))
            .Concat(Permutations([.. others, bodies[0], bodies[1]]))
            .Concat(Permutations([.. others, bodies[1], bodies[2]]));

    static IEnumerable<string[]> Permutations(string[] members) => members.Length == 0
        ? [[]]
        : members.SelectMany((first, at) =>
            Permutations([.. members[..at], .. members[(at + 1)..]]).Select(rest => (string[])[first, .. rest]));
}
