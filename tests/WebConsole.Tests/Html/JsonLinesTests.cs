using ClusterTrail.WebConsole.Html;

namespace ClusterTrail.WebConsole.Tests.Html;

public sealed class JsonLinesTests
{
    [Fact]
    public void EachMemberHasALineAndKeepsItsSpelling()
    {
        var text = Shown("""{"a":"\u003c\ud800","b":[1.50,{}],"c":{"d":null}}""");

        Assert.Equal(
            """
            {
              "a": "\u003c\ud800",
              "b": [
                1.50,
                {}
              ],
              "c": {
                "d": null
              }
            }
            """.ReplaceLineEndings("\n"),
            text);
    }

    [Theory]
    [InlineData("""{"a":"b""", "{\n  \"a\": \"b")]
    [InlineData("not json", "not json")]
    [InlineData("", "")]
    public void WhatIsNoJsonIsShownAsItIs(string json, string shown) => Assert.Equal(shown, Shown(json));

    [Fact]
    public void DeepJsonEnds() => Assert.Contains("]", Shown(new string('[', 15_000) + new string(']', 15_000)), StringComparison.Ordinal);

    static string Shown(string json) => System.Net.WebUtility.HtmlDecode(
        System.Text.RegularExpressions.Regex.Replace(MarkupWriter.Text(JsonLines.Of(json)), "<[^>]*>", ""));
}
