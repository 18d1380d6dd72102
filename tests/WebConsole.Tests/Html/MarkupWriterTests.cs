using ClusterTrail.WebConsole.Html;

namespace ClusterTrail.WebConsole.Tests.Html;

public sealed class MarkupWriterTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("a&b \"c\" 'd'", "a&amp;b &quot;c&quot; &#39;d&#39;")]
    [InlineData("a\0b", "a<span class=\"code\">\\u0000</span>b")]
    [InlineData("a\u202eb\n", "a<span class=\"code\">\\u202e</span>b<span class=\"code\">\\u000a</span>")]
    [InlineData("\ud83d\ude00", "\ud83d\ude00")]
    public void TextStaysText(string text, string html) => Assert.Equal(html, MarkupWriter.Text(text));

    // Not as an argument of a test: runners replace it.
    [Fact]
    public void HalfACharacterIsACode() => Assert.Equal("<span class=\"code\">\\ud83d</span>", MarkupWriter.Text("\ud83d\ude00"[..1]));

    [Fact]
    public void AnAttributeEndsWhereItShould() => Assert.Equal(
        "<a href=\"/x?a=%22\" aria-label=\"&quot;&gt;\\u202e\">t</a>",
        MarkupWriter.Text(Tags.Link("/x?a=%22", "t").With("aria-label", "\">\u202e")));

    [Fact]
    public void WhatIsInAFieldIsTheVeryText() => Assert.Equal(
        "<input value=\"&#8238;&#34;&#62;a\">", MarkupWriter.Text(new Element("input").With("value", "\u202e\">a")));

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/")]
    [InlineData("/\\elsewhere.example/")]
    [InlineData("data:text/html,<script>")]
    [InlineData("")]
    public void NoAddressLeadsElsewhere(string address) =>
        Assert.Throws<InvalidOperationException>(() => MarkupWriter.Text(Tags.Link(address, "x")));

    [Theory]
    [InlineData("script")]
    [InlineData("style")]
    [InlineData("iframe")]
    [InlineData("a onclick")]
    public void NoElementRunsOrLoads(string name) => Assert.Throws<InvalidOperationException>(() => MarkupWriter.Text(new Element(name)));

    [Theory]
    [InlineData("onclick")]
    [InlineData("ONLOAD")]
    [InlineData("style")]
    [InlineData("srcdoc")]
    [InlineData("x=\"1\" y")]
    public void NoAttributeRuns(string name) =>
        Assert.Throws<InvalidOperationException>(() => MarkupWriter.Text(new Element("p").With(name, "x")));
}
