using System.Text;
using ClusterTrail.Agent.Sources.Containers;

namespace ClusterTrail.Agent.Tests.Sources.Containers;

public sealed class RuntimeLineTests
{
    const string Time = "2026-11-26T10:00:00.000000001Z";

    [Theory]
    [InlineData("stdout F hello  world", false, false, "hello  world")]
    [InlineData("stderr P hel", true, true, "hel")]
    [InlineData("stdout F:x text", false, false, "text")]
    [InlineData("stdout F", false, false, "")]
    [InlineData("stdout F ", false, false, "")]
    public void ALineOfCriHasTimeStreamTagAndText(string rest, bool isError, bool isPartial, string text)
    {
        Assert.True(RuntimeLine.TryParse(Encoding.UTF8.GetBytes($"{Time} {rest}"), [], out var line));
        Assert.Equal((Time, text), (Encoding.UTF8.GetString(line.Time), Encoding.UTF8.GetString(line.Text)));
        Assert.Equal((isError, isPartial), (line.IsError, line.IsPartial));
    }

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("2026-11-26T10:00:00.000000001Z")]
    [InlineData("2026-11-26T10:00:00.000000001Z stdin F x")]
    [InlineData("2026-11-26T10:00:00.000000001Z stdout X x")]
    [InlineData("2026-11-26T10:00:00.00\"000001Z stdout F x")]
    [InlineData("{\"log\":\"x\",\"stream\":\"stdout\"}")]
    [InlineData("{\"log\":1,\"stream\":\"stdout\",\"time\":\"2026-11-26T10:00:00.000000001Z\"}")]
    [InlineData("{\"log\":\"x\",\"stream\":\"stdout\",\"time\":\"2026-11-26T10:00:00.000000001Z\"} x")]
    [InlineData("{\"log\":\"x")]
    public void AnythingElseIsNone(string line) =>
        Assert.False(RuntimeLine.TryParse(Encoding.UTF8.GetBytes(line), new byte[line.Length], out _));

    [Fact]
    public void NoBytesMakeItFail()
    {
        var random = new Random(1);
        string[] seeds =
        [
            $"{Time} stdout F text", $$"""{"log":"a\u00e9\n","stream":"stderr","attrs":{"a":["b"]},"time":"{{Time}}"}""",
        ];
        for (var run = 0; run < 200_000; run++)
        {
            var line = Encoding.UTF8.GetBytes(seeds[run % 2]);
            for (var change = random.Next(4); change >= 0; change--)
            {
                line[random.Next(line.Length)] = (byte)random.Next(256);
            }

            line = line[..random.Next(line.Length + 1)];
            if (RuntimeLine.TryParse(line, new byte[line.Length], out var parsed))
            {
                Assert.DoesNotContain((byte)'"', parsed.Time.ToArray());
                Assert.True(parsed.Text.Length <= line.Length);
            }
        }
    }
}
