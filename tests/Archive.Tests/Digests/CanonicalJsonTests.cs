using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Archive.Tests.Digests;

public sealed class CanonicalJsonTests
{
    // RFC 8785, section 3.2.2, without its numbers and its null.
    const string Section322 =
        """{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[true,false]}""";

    const string Section322Canonical = "{\"literals\":[true,false],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";

    // RFC 8785, section 3.2.3: the order of UTF-16 code units, in which U+1F600 comes before U+FB33.
    const string Section323 =
        """
        {"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
         "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}
        """;

    [Fact]
    public void StringsAreEscapedAsTheRfcShows()
    {
        var written = Text(CanonicalJson.Write(JsonNode.Parse(Section322)!));

        Assert.Equal(Section322Canonical, written);
    }

    [Fact]
    public void MembersAreInTheOrderThatTheRfcShows()
    {
        var written = CanonicalJson.Write(JsonNode.Parse(Section323)!);

        Assert.Equal(
            [
                "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji: Grinning Face",
                "Hebrew Letter Dalet With Dagesh",
            ],
            CanonicalJson.Parse(written).Select(member => member.Value!.GetValue<string>()));
    }

    [Fact]
    public void EveryControlCharacterHasItsOneEscape()
    {
        var all = new string([.. Enumerable.Range(0, 0x20).Select(code => (char)code), '\u007f', '\u2028']);

        var written = Text(CanonicalJson.Write(new JsonArray(all)));

        Assert.Equal(
            """["\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"""
            + """\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f"""
            + "\u007f\u2028\"]",
            written);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"a":[],"b":{},"c":[{},[[]]]}""")]
    [InlineData("""{"a":-9007199254740991,"b":0,"c":9007199254740991}""")]
    [InlineData("""{"":""}""")]
    [InlineData("{\"a\":\"€😀\u007f\u2028\"}")]
    public void WhatIsCanonicalIsReadAndComesBack(string json)
    {
        var read = CanonicalJson.Parse(Encoding.UTF8.GetBytes(json));

        Assert.Equal(json, Text(CanonicalJson.Write(read)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("\"a\"")]
    [InlineData("{\"a\":1} ")]
    [InlineData(" {\"a\":1}")]
    [InlineData("{\"a\": 1}")]
    [InlineData("{\"a\":1}\n")]
    [InlineData("{\"a\":1}{}")]
    [InlineData("\ufeff{\"a\":1}")]
    [InlineData("{\"b\":1,\"a\":1}")]
    [InlineData("{\"a\":1,\"a\":1}")]
    [InlineData("{\"a\":1,\"\\u0061\":1}")]
    [InlineData("{\"a\":{\"b\":1,\"b\":2}}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\":null}")]
    [InlineData("{\"a\":1.0}")]
    [InlineData("{\"a\":1.5}")]
    [InlineData("{\"a\":1e2}")]
    [InlineData("{\"a\":-0}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":9007199254740992}")]
    [InlineData("{\"a\":-9007199254740992}")]
    [InlineData("{\"a\":9223372036854775808}")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{\"a\":\"\\/\"}")]
    [InlineData("{\"a\":\"\\u0041\"}")]
    [InlineData("{\"a\":\"\\u000A\"}")]
    [InlineData("{\"a\":\"\\u000a\"}")]
    [InlineData("{\"a\":\"\\u001F\"}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"a\":\"\n\"}")]
    [InlineData("{/**/\"a\":1}")]
    [InlineData("{\"a\":[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]}")]
    public void WhatIsNotCanonicalIsRefused(string json)
    {
        var refused = Assert.Throws<DigestException>(() => CanonicalJson.Parse(Encoding.UTF8.GetBytes(json)));

        Assert.Equal(DigestFault.Malformed, refused.Fault);
        Assert.EndsWith(".", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 0xff, (byte)'"', (byte)':', (byte)'1', (byte)'}' })]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 0xed, 0xa0, 0x80, (byte)'"', (byte)':', (byte)'1', (byte)'}' })]
    [InlineData(new byte[] { (byte)'{', (byte)'"', (byte)'a', (byte)'"', (byte)':', (byte)'"', 0xc0, 0x80, (byte)'"', (byte)'}' })]
    public void WhatIsNotUtf8IsRefused(byte[] json) => Assert.Throws<DigestException>(() => CanonicalJson.Parse(json));

    [Fact]
    public void WhatTheSubsetDoesNotHaveIsNotWritten()
    {
        Assert.Throws<ArgumentException>(() => CanonicalJson.Write(new JsonArray(1.5)));
        Assert.Throws<ArgumentException>(() => CanonicalJson.Write(new JsonArray((JsonNode?)null)));
        Assert.Throws<ArgumentException>(() => CanonicalJson.Write(new JsonArray(1L << 53)));
        Assert.ThrowsAny<ArgumentException>(() => CanonicalJson.Write(new JsonArray("\ud800")));
    }

    static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);
}
