using System.Text;
using System.Text.Json;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Tests.Events;

public sealed class JsonEscapesTests
{
    [Fact]
    public void StringsMeanWhatTheSerializerReads()
    {
        var texts = new JsonTexts(6);
        var strings = 0;
        while (strings < 10_000)
        {
            var text = texts.Valid().AsSpan().Trim(" \t\r\n"u8);
            if (text[0] != (byte)'"')
                continue;

            strings++;
            var expected = JsonSerializer.Deserialize<string>(text);

            Assert.Equal(expected, Unescape(text[1..^1]));
        }
    }

    [Theory]
    [InlineData("\\ud800", "\ufffd")]
    [InlineData("\\udc00", "\ufffd")]
    [InlineData("\\ud800\\ud800", "\ufffd\ufffd")]
    [InlineData("\\ud800\\u0041", "\ufffdA")]
    [InlineData("\\ud800\\n", "\ufffd\n")]
    [InlineData("\\ud800\\ud83d\\ude00", "\ufffd😀")]
    [InlineData("\\ud83d\\ude00\\ude00", "😀\ufffd")]
    [InlineData("a\\uD800", "a\ufffd")]
    public void HalfASurrogatePairIsTheReplacementCharacterAsInGo(string raw, string expected) =>
        Assert.Equal(expected, Unescape(Encoding.UTF8.GetBytes(raw)));

    [Theory]
    [InlineData("\\u003cnone\\u003E", "<none>")]
    [InlineData("\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t")]
    [InlineData("\\u0000\\u007f\\u0080\\u07ff\\u0800\\uffff", "\0\u007f\u0080\u07ff\u0800\uffff")]
    [InlineData("\\\\u0041", "\\u0041")]
    [InlineData("plain ä", "plain ä")]
    [InlineData("", "")]
    public void EscapesAreRead(string raw, string expected) => Assert.Equal(expected, Unescape(Encoding.UTF8.GetBytes(raw)));

    [Fact]
    public void AValueIsNeverLongerThanItsEscapedForm()
    {
        for (var unit = 0; unit <= char.MaxValue; unit++)
            Assert.InRange(Unescape(Encoding.UTF8.GetBytes($"\\u{unit:x4}")).Length, 1, 6);
    }

    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "\\u0061", true)]
    [InlineData("a<b", "a\\u003cb", true)]
    [InlineData("a", "b", false)]
    [InlineData("a", "ab", false)]
    [InlineData("ab", "a", false)]
    [InlineData("a\\u0062", "a\\\\u0062", true)]
    [InlineData("a\\u0062", "a\\u0062", false)]
    [InlineData("CORP\\nick", "CORP\\nick", false)]
    [InlineData("CORP\\nick", "CORP\\\\nick", true)]
    [InlineData("", "", true)]
    public void AWrittenStringIsComparedByWhatItMeans(string value, string written, bool isSame) =>
        Assert.Equal(isSame, JsonText.Is(Encoding.UTF8.GetBytes(written), Encoding.UTF8.GetBytes(value)));

    static string Unescape(ReadOnlySpan<byte> raw)
    {
        var value = new byte[raw.Length];
        return Encoding.UTF8.GetString(value, 0, JsonEscapes.Unescape(raw, value));
    }
}
