namespace ClusterTrail.Kubectl.Tests;

public sealed class HelpTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("cat", "--help")]
    [InlineData("decrypt", "--help")]
    [InlineData("keys", "generate", "--help")]
    [InlineData("render", "--help")]
    [InlineData("policy", "--help")]
    [InlineData("status", "--help")]
    [InlineData("explain", "--help")]
    [InlineData("detections", "--help")]
    [InlineData("detections", "list", "--help")]
    [InlineData("detections", "test", "--help")]
    public async Task HelpTellsUsageAndExitCodes(params string[] arguments)
    {
        var outcome = await CommandLine.RunAsync(arguments);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("Usage:\n  kubectl trail", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Exit codes:", outcome.Output, StringComparison.Ordinal);
        Assert.Empty(outcome.Error);
    }

    [Theory]
    [InlineData("cat")]
    [InlineData("decrypt")]
    [InlineData("keys")]
    [InlineData("render")]
    [InlineData("policy")]
    [InlineData("status")]
    [InlineData("explain")]
    [InlineData("detections")]
    [InlineData("detections", "list")]
    [InlineData("detections", "test")]
    public async Task EveryCommandHasExamples(params string[] command)
    {
        var outcome = await CommandLine.RunAsync([.. command, "--help"]);

        Assert.Contains($"kubectl trail {string.Join(' ', command)} ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Examples:", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VersionIsPrinted()
    {
        var outcome = await CommandLine.RunAsync("--version");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", outcome.Output);
    }
}
