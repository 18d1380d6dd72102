using System.Text;
using ClusterTrail.Lake.Events;

namespace ClusterTrail.Lake.Tests.Events;

public sealed class SurrogatesTests
{
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"b"}""")]
    [InlineData("""{"a":"\ud83d\ude00 \n \u00e9"}""", """{"a":"\ud83d\ude00 \n \u00e9"}""")]
    [InlineData("""{"a":"\ud800"}""", """{"a":"\ufffd"}""")]
    [InlineData("""{"a":"\uDC00\uD83D"}""", """{"a":"\ufffd\ufffd"}""")]
    [InlineData("""{"a":"\ud83d\ud83d\ude00"}""", """{"a":"\ufffd\ud83d\ude00"}""")]
    [InlineData("""{"a":"\ud83d\u0041"}""", """{"a":"\ufffd\u0041"}""")]
    [InlineData("""{"a":"\ud83d\n"}""", """{"a":"\ufffd\n"}""")]
    [InlineData("""{"a":"\\ud800"}""", """{"a":"\\ud800"}""")]
    [InlineData("""{"a":"\\\ud800"}""", """{"a":"\\\ufffd"}""")]
    [InlineData("""{"\udfff":1}""", """{"\ufffd":1}""")]
    public void HalfAPairBecomesTheReplacementCharacter(string json, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(json);

        Surrogates.Replace(bytes);

        Assert.Equal(expected, Encoding.UTF8.GetString(bytes));
        Assert.True(json == expected || Surrogates.MayBeIn(Encoding.UTF8.GetBytes(json)));
    }
}
