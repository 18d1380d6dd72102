using ClusterTrail.Telemetry;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests.Telemetry;

public sealed class LogLineFormatterTests
{
    const string Time = "2026-11-22T05:36:00.000Z";

    readonly LogLineFormatter formatter = new(new ManualTime());

    [Theory]
    [InlineData(LogLevel.Trace, "trace")]
    [InlineData(LogLevel.Debug, "debug")]
    [InlineData(LogLevel.Information, "info")]
    [InlineData(LogLevel.Warning, "warn")]
    [InlineData(LogLevel.Error, "error")]
    [InlineData(LogLevel.Critical, "critical")]
    public void AnEntryIsTimeLevelClassAndMessage(LogLevel level, string word) =>
        Assert.Equal($"{Time} {word} Pipeline: apiserver: sealed it.\n", Line("apiserver: sealed it.", level));

    [Theory]
    [InlineData("ClusterTrail.Agent.Pipeline", "Pipeline")]
    [InlineData("Traces", "Traces")]
    [InlineData("ClusterTrail.Kubernetes.Reflector<ClusterTrail.Trails.Trail>", "Reflector")]
    [InlineData("ClusterTrail.Kubernetes.Reflector`1[[ClusterTrail.Trails.Trail, Trails]]", "Reflector")]
    [InlineData("ClusterTrail.Agent.AgentHost+Inner", "Inner")]
    public void ACategoryIsShownByItsClass(string category, string shown) =>
        Assert.Equal($"{Time} info {shown}: Done.\n", Line("Done.", category: category));

    [Fact]
    public void NoEventIdIsShown() => Assert.DoesNotContain("1936207541", Line("Done."), StringComparison.Ordinal);

    [Theory]
    [InlineData("a\n2026-11-22T05:36:00.000Z info Pipeline: forged", "a\\n2026-11-22T05:36:00.000Z info Pipeline: forged")]
    [InlineData("a\r\nb\tc", "a\\r\\nb\\tc")]
    [InlineData("\u001b[2Ja\u0085b\u2028c\0", "\\u001b[2Ja\\u0085b\\u2028c\\u0000")]
    public void NothingInAMessageEndsTheLineOrMovesTheCursor(string message, string shown) =>
        Assert.Equal($"{Time} info Pipeline: {shown}\n", Line(message));

    [Fact]
    public void AnExpectedExceptionStandsOnTheLineWithItsCauses()
    {
        var failure = Thrown(
            new HttpRequestException("Connection refused\n(10.0.0.1:443)", new IOException("", new TimeoutException("Too slow."))));

        Assert.Equal(
            $"{Time} warn Pipeline: Not delivered. HttpRequestException: Connection refused\\n(10.0.0.1:443), caused by IOException, "
                + "caused by TimeoutException: Too slow.\n",
            Line("Not delivered.", LogLevel.Warning, failure));
    }

    [Theory]
    [InlineData(LogLevel.Error)]
    [InlineData(LogLevel.Critical)]
    public void AnUnforeseenOneBringsItsTraceInIndentedLines(LogLevel level)
    {
        var lines = Line("It died.", level, Thrown(new InvalidOperationException($"No.\n{Time} info Pipeline: forged"))).TrimEnd('\n')
            .Split('\n');

        Assert.EndsWith($"Pipeline: It died. InvalidOperationException: No.\\n{Time} info Pipeline: forged", lines[0]);
        Assert.Contains(lines, line => line.Contains("at ClusterTrail.Agent.Tests", StringComparison.Ordinal));
        Assert.All(lines[1..], line => Assert.StartsWith("    ", line));
    }

    [Fact]
    public void WithoutAMessageTheExceptionIsThere() =>
        Assert.Equal($"{Time} warn Pipeline: IOException: Broken pipe\n", Line("", LogLevel.Warning, new IOException("Broken pipe")));

    string Line(
        string message, LogLevel level = LogLevel.Information, Exception? exception = null, string category = "ClusterTrail.Agent.Pipeline")
    {
        var written = new StringWriter();
        formatter.Write(
            new LogEntry<string>(level, category, new EventId(1936207541), message, exception, (state, _) => state), null, written);
        return written.ToString();
    }

    static Exception Thrown(Exception exception)
    {
        try
        {
            throw exception;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
