using System.Security.Cryptography;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Detections;

/// <summary>What is cut out of an event hides nothing that is there.</summary>
public sealed class CutEventsTests
{
    static readonly string Deep = $"{new string('[', 600)}{new string(']', 600)}";

    static readonly MatchCondition AnyWildcard = new()
    {
        Path = "object.rules[*]",
        Where = [Field("verbs", FieldOperator.Equals, "*"), Field("resources", FieldOperator.Equals, "*")],
    };

    // Of a member that a patch has twice, the API server takes the last.
    [Theory]
    [InlineData("""{"rules":DEEP,"rules":[{"verbs":["*"],"resources":["*"]}]}""", "Yes")]
    [InlineData("""{"rules":[{"verbs":DEEP,"resources":["*"]},{"verbs":["*"],"resources":["*"]}]}""", "Yes")]
    [InlineData("""{"rules":[{"verbs":["*"],"resources":["*"]},{"verbs":DEEP,"resources":["*"]}]}""", "Yes")]
    [InlineData("""{"rules":[{"verbs":[DEEP,"*"],"resources":[DEEP,"*"]}]}""", "Yes")]
    [InlineData("""{"rules":[{"verbs":DEEP,"resources":["*"]}]}""", "Unknown")]
    [InlineData("""{"rules":[{"verbs":DEEP,"resources":["pods"]}]}""", "No")]
    [InlineData("""{"rules":[{"verbs":["get"],"resources":["*"],"x":DEEP}]}""", "No")]
    public void AnItemThatPassesIsFoundWhateverElseIsCut(string body, string expected) =>
        Assert.Equal(expected, $"{Test(AnyWildcard, body.Replace("DEEP", Deep, StringComparison.Ordinal))}");

    [Theory]
    [InlineData("""{"spec":DEEP,"spec":{"template":{"spec":{"containers":[{"image":"a"}]}}}}""", "Yes")]
    [InlineData("""{"spec":{"spec":DEEP,"template":{"spec":{"containers":[{"image":"b"}]}}}}""", "No")]
    public void SpecsInSpecsThatNoKindHasHideNoContainer(string body, string expected)
    {
        var deep = string.Concat(Enumerable.Repeat("""{"spec":""", 600)) + "1" + new string('}', 600);
        var condition = new MatchCondition { Path = "container", Where = [Field("image", FieldOperator.Equals, "a")] };

        Assert.Equal(expected, $"{Test(condition, body.Replace("DEEP", deep, StringComparison.Ordinal))}");
    }

    [Fact]
    public void NullInPlaceOfWhatIsCutIsNotNull() =>
        Assert.Equal(Outcome.Unknown, Test(new() { Path = "requestObject", Operator = FieldOperator.IsNull }, Deep));

    [Theory]
    [InlineData(FieldOperator.EqualsField)]
    [InlineData(FieldOperator.NotEqualsField)]
    public void NobodyKnowsWhetherATextIsTheSameAsOneThatIsCut(FieldOperator fieldOperator)
    {
        var text = new string('x', 2000);
        var line = AuditLine.Of(("requestURI", $"\"{text}\""), ("requestObject", $$"""{"a":"{{text}}"}"""));

        Assert.Equal(Outcome.Unknown, Test(new() { Path = "requestURI", Operator = fieldOperator, Values = ["requestObject.a"] }, line));
    }

    [Fact]
    public void TheFirstNumberOfAListThatIsCutIsWhole() =>
        Assert.Equal(
            Outcome.Yes,
            Test(Field("requestObject.a[*]", FieldOperator.Equals, "5"),
                $$"""{"a":[5{{string.Concat(Enumerable.Repeat(",1", 10_000))}}]}"""));

    static MatchCondition Field(string path, FieldOperator fieldOperator, params string[] values) =>
        new() { Path = path, Operator = fieldOperator, Values = values };

    static Outcome Test(MatchCondition condition, string body) =>
        Test(condition, AuditLine.Of(("verb", "\"patch\""), ("requestObject", body)));

    static Outcome Test(MatchCondition condition, byte[] line)
    {
        using var reducer = new EventReducer(4096);
        reducer.Append(line);
        var truncation = new Truncation(TruncationReason.NestedTooDeep, line.Length, SHA256.HashData(line), [.. reducer.Cuts]);
        Assert.True(AuditEvent.TryParse(reducer.Text, new JsonIndex(), out var audit, out _, truncation));
        return new Detection(Detecting.Rule(new Match { Fields = [condition] })).Test(audit);
    }
}
