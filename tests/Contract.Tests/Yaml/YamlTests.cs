using System.Text.Json.Nodes;
using ClusterTrail.Contract.Yaml;

namespace ClusterTrail.Contract.Tests.Yaml;

public sealed class YamlTests
{
    [Theory]
    [InlineData("no", "false")]
    [InlineData("on", "true")]
    [InlineData("'no'", "\"no\"")]
    [InlineData("!!str 12", "\"12\"")]
    [InlineData("~", "null")]
    [InlineData("0644", "420")]
    [InlineData("0o644", "420")]
    [InlineData("0x1F", "31")]
    [InlineData("1_000", "1000")]
    [InlineData("-7", "-7")]
    [InlineData("1.5", "1.5")]
    [InlineData("1e3", "1000")]
    [InlineData("2026-03-01", "\"2026-03-01\"")]
    [InlineData("10:30", "\"10:30\"")]
    [InlineData("[a, {b: [1, null]}]", """["a",{"b":[1,null]}]""")]
    [InlineData("{a: &x [1], b: *x}", """{"a":[1],"b":[1]}""")]
    public void AWordMeansWhatItMeansToKubectl(string yaml, string json)
    {
        var read = Assert.Single(YamlText.Read($"value: {yaml}"))["value"];

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), read), read?.ToJsonString());
    }

    [Theory]
    [InlineData("a: &x [*x]")]
    [InlineData("a: &x {b: {c: *x}}")]
    [InlineData(
        "a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: "
            + "&d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]")]
    public void AliasesThatRepeatWithoutEndAreRefused(string yaml)
    {
        var refusal = Assert.Throws<FormatException>(() => YamlText.Read(yaml));

        Assert.StartsWith("line ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EmptyDocumentsAreNone() => Assert.Equal(2, YamlText.Read("---\n---\na: 1\n---\n# nothing\n---\nb: 2\n").Count);

    [Theory]
    [InlineData("a: 1\na: 2", "line 2, column 1: *")]
    [InlineData("a: [1", "line 2, column 1: *")]
    [InlineData("[a]: 1", "line 1, column 1: a field's name must be a text")]
    public void WhatIsNoYamlIsToldWithItsPlace(string yaml, string expected)
    {
        var error = Assert.Throws<FormatException>(() => YamlText.Read(yaml)).Message;

        Assert.StartsWith(expected.TrimEnd('*'), error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("no")]
    [InlineData("null")]
    [InlineData("12")]
    [InlineData("0644")]
    [InlineData("1e3")]
    [InlineData("2026-03-01")]
    [InlineData("- a")]
    [InlineData("a: b")]
    [InlineData("a:")]
    [InlineData("a #b")]
    [InlineData("#a")]
    [InlineData("*a")]
    [InlineData("it's")]
    [InlineData("{\"a\":[1]}")]
    [InlineData("a\nb")]
    [InlineData("a\nb\n")]
    [InlineData("a\n\n")]
    [InlineData("\na")]
    [InlineData(" a\nb")]
    [InlineData("a\n  b\n c\n")]
    [InlineData("a \nb")]
    [InlineData("a\r\nb")]
    [InlineData("a\tb")]
    [InlineData("\u0000\u001b")]
    [InlineData("ä😀\u2028")]
    [InlineData("---")]
    [InlineData("a\n---\nb")]
    [InlineData("=")]
    [InlineData("<<")]
    public void WhatIsWrittenIsReadBack(string text)
    {
        var json = new JsonObject
        {
            ["value"] = text,
            ["list"] = new JsonArray(text, new JsonObject { [text] = 1 }),
            ["none"] = new JsonArray(),
            ["empty"] = new JsonObject(),
        };

        var written = YamlWriter.Write([json, json]);

        Assert.All(YamlText.Read(written), read => Assert.True(JsonNode.DeepEquals(json, read), written));
        Assert.Equal(2, YamlText.Read(written).Count);
    }
}
