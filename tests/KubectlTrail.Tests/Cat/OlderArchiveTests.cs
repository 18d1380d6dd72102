using System.Text;
using System.Text.Json;
using ClusterTrail.Testing;

namespace ClusterTrail.Kubectl.Tests.Cat;

/// <summary>What is in archives must stay readable: tests/data/gzip-agent.</summary>
public sealed class OlderArchiveTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("sealed")]
    public async Task TheArchiveOfAnAgentThatKnewOnlyGzipStaysReadable(string trail)
    {
        var folder = Repository.PathOf("tests", "data", "gzip-agent", "archive", "events", "cluster=demo", $"trail={trail}");
        var key = Repository.PathOf("tests", "data", "sealing", "p256.key.pem");

        var outcome = await CommandLine.RunAsync("cat", folder, "--key", key);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(
            RealLog.Lines.Take(60).Select(line => Encoding.UTF8.GetString(line)),
            outcome.Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("event").GetRawText()));
    }
}
