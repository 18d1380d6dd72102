using System.Text.Json;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Detections;

public sealed class MatcherTests
{
    static readonly byte[] AtMetadata = AuditLine.Of(("level", "\"Metadata\""));
    static readonly Match Yes = new() { Verbs = ["get"] };
    static readonly Match No = new() { Verbs = ["fly"] };
    static readonly Match Unknown = new() { Fields = [Field("requestObject.a")] };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomRulesSayWhatTheSpecificationSays(int seed)
    {
        var random = new RandomRules(seed);
        var counts = new int[3];
        for (var round = 0; round < RandomSequences.Of(10_000); round++)
        {
            var (rule, audit) = (random.Rule(), random.Event());
            var expected = MatchOracle.Test(rule, audit) switch { true => Outcome.Yes, false => Outcome.No, null => Outcome.Unknown };

            var actual = Detecting.Test(JsonSerializer.SerializeToUtf8Bytes(audit), rule);

            counts[(int)actual]++;
            if (expected != actual)
                Assert.Fail($"{actual} instead of {expected}: {JsonSerializer.Serialize(rule)} of {audit.ToJsonString()}");
        }

        Assert.All(counts, count => Assert.True(count > RandomSequences.Of(300), string.Join(' ', counts)));
    }

    [Fact]
    public void TheThreeMatchesOfTheseTestsAreWhatTheyAreCalled()
    {
        Assert.Equal(Outcome.Yes, Detecting.Test(AtMetadata, Yes));
        Assert.Equal(Outcome.No, Detecting.Test(AtMetadata, No));
        Assert.Equal(Outcome.Unknown, Detecting.Test(AtMetadata, Unknown));
    }

    [Theory]
    [InlineData("YY", "Yes")]
    [InlineData("YU", "Unknown")]
    [InlineData("UY", "Unknown")]
    [InlineData("UN", "No")]
    [InlineData("NU", "No")]
    [InlineData("YN", "No")]
    [InlineData("UU", "Unknown")]
    public void AllIsTheLeast(string parts, string expected) => Assert.Equal(expected, $"{Detecting.Test(AtMetadata, new Match { All = Of(parts) })}");

    [Theory]
    [InlineData("NN", "No")]
    [InlineData("YU", "Yes")]
    [InlineData("UY", "Yes")]
    [InlineData("UN", "Unknown")]
    [InlineData("NU", "Unknown")]
    [InlineData("NY", "Yes")]
    [InlineData("UU", "Unknown")]
    public void AnyIsTheGreatest(string parts, string expected) => Assert.Equal(expected, $"{Detecting.Test(AtMetadata, new Match { Any = Of(parts) })}");

    [Theory]
    [InlineData("N", "Yes")]
    [InlineData("Y", "No")]
    [InlineData("U", "Unknown")]
    [InlineData("UY", "No")]
    [InlineData("YU", "No")]
    [InlineData("UN", "Unknown")]
    [InlineData("NN", "Yes")]
    public void NoneIsNotAny(string parts, string expected) => Assert.Equal(expected, $"{Detecting.Test(AtMetadata, new Match { None = Of(parts) })}");

    [Theory]
    [InlineData("U", "", "N", "No")]
    [InlineData("U", "N", "", "No")]
    [InlineData("U", "Y", "U", "Unknown")]
    [InlineData("", "U", "Y", "Unknown")]
    [InlineData("", "U", "N", "No")]
    public void WhatNobodyCanTellIsOverruledByANoOfAnotherPart(string none, string all, string any, string expected) =>
        Assert.Equal(expected, $"{Detecting.Test(AtMetadata, new Match { None = Of(none), All = Of(all), Any = Of(any) })}");

    [Theory]
    [InlineData("Metadata", "requestObject.a", "Unknown")]
    [InlineData("Request", "requestObject.a", "No")]
    [InlineData("Request", "responseObject.a", "Unknown")]
    [InlineData("RequestResponse", "responseObject.a", "No")]
    [InlineData("Metadata", "object.a", "Unknown")]
    [InlineData("Request", "object.a", "No")]
    public void ABodyNeedsItsLevel(string level, string path, string expected)
    {
        var line = AuditLine.Of(("level", $"\"{level}\""));

        Assert.Equal(expected, $"{Detecting.Test(line, new Match { Fields = [Field(path)] })}");
        Assert.Equal(expected == "No" ? "Yes" : expected, $"{Detecting.Test(line, new Match { Fields = [new() { Path = path, Operator = FieldOperator.NotEquals, Values = ["x"] }] })}");
        Assert.Equal(expected, $"{Detecting.Test(line, new Match { Fields = [new() { Path = path, Where = [Field("b")] }] })}");
    }

    [Theory]
    [InlineData("requestObject.a", """{"a":1}""", "Yes")]
    [InlineData("requestObject.a", null, "Unknown")]
    [InlineData("object.a", null, "Unknown")]
    [InlineData("responseObject.a", """{"a":1}""", "Unknown")]
    public void BodiesThatWereCutTellNothing(string path, string? body, string expected)
    {
        var line = AuditLine.Of(("requestObject", body), ("annotations", """{"audit.k8s.io/truncated":"true"}"""));

        Assert.Equal(expected, $"{Detecting.Test(line, new Match { Fields = [Field(path)] })}");
    }

    [Theory]
    [InlineData("RequestResponse", """{"a":1}""", "Yes")]
    [InlineData("RequestResponse", """{"b":1}""", "No")]
    [InlineData("RequestResponse", null, "No")]
    [InlineData("Request", null, "Unknown")]
    public void OfAJsonPatchTheResponseTellsWhatWasWritten(string level, string? response, string expected)
    {
        var line = AuditLine.Of(("level", $"\"{level}\""), ("requestObject", """[{"op":"add","path":"/a","value":1,"a":1}]"""), ("responseObject", response));

        Assert.Equal(expected, $"{Detecting.Test(line, new Match { Fields = [Field("object.a")] })}");
    }

    [Fact]
    public void WhereHoldsOfOneAndTheSameItem()
    {
        var match = new Match
        {
            Fields = [new() { Path = "requestObject.rules[*]", Where = [Equal("verbs", "*"), Equal("resources", "*")] }],
        };

        Assert.Equal(Outcome.Yes, Detecting.Test(With("""{"rules":[{"verbs":["get"],"resources":["x"]},{"verbs":["get","*"],"resources":["*"]}]}"""), match));
        Assert.Equal(Outcome.No, Detecting.Test(With("""{"rules":[{"verbs":["*"],"resources":["x"]},{"verbs":["get"],"resources":["*"]}]}"""), match));
        Assert.Equal(Outcome.No, Detecting.Test(With("""{"rules":[]}"""), match));
    }

    [Fact]
    public void AStarMeansItemsAndMembers()
    {
        var match = new Match { Fields = [Equal("requestObject.data[*]", "x")] };

        Assert.Equal(Outcome.Yes, Detecting.Test(With("""{"data":{"a":"y","b":"x"}}"""), match));
        Assert.Equal(Outcome.Yes, Detecting.Test(With("""{"data":["y","x"]}"""), match));
        Assert.Equal(Outcome.No, Detecting.Test(With("""{"data":{"x":"y"}}"""), match));
    }

    [Fact]
    public void AListOfNothingMatchesNothing()
    {
        var file = new DetectionsFile
        {
            Lists = new Dictionary<string, IReadOnlyList<string>> { ["none"] = [] },
            Rules = [Detecting.Rule(new() { Users = ["$none"] })],
        };

        var rule = Assert.Single(file.Effective());

        Assert.All(RealLog.Lines, line => Assert.Equal(Outcome.No, Detecting.Test(line, rule)));
    }

    static Match[] Of(string parts) => [.. parts.Select(part => part switch { 'Y' => Yes, 'N' => No, _ => Unknown })];

    static byte[] With(string body) => AuditLine.Of(("requestObject", body));

    static MatchCondition Field(string path) => new() { Path = path, Operator = FieldOperator.Exists };

    static MatchCondition Equal(string path, string value) => new() { Path = path, Operator = FieldOperator.Equals, Values = [value] };
}
