using static ClusterTrail.Kubectl.Tests.Lookup.LookupRecords;

namespace ClusterTrail.Kubectl.Tests.Lookup;

/// <summary>How records are printed.</summary>
public sealed class LookupOutputTests : IDisposable
{
    readonly ArchiveFolder archive = new();

    public LookupOutputTests()
    {
        archive.Add(Some.Batch(), Some.Zstd(SecretRead, Exec, Finding, Refused));
        archive.Add(Some.Batch(node: "worker-1"), Some.Zstd(Process));
    }

    public void Dispose() => archive.Dispose();

    [Fact]
    public async Task FindingsInCsvHaveTheirWholeObject()
    {
        var outcome = await CommandLine.RunAsync("lookup", archive.Path, "-o", "csv", "--category", "Insight");

        Assert.EndsWith(
            "e-1-pod-exec,Insight,bob,,create,,pods,exec,shop,cart-0,,,,,prod,cp-1,main,pod-exec,high,,,,,\r\n", outcome.Output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("json", @"b\u202eob\u009b2J\udb40\udc41")]
    [InlineData("yaml", @"b\u202eob\x9B2J\U000E0041")]
    public async Task ATerminalIsShownNothingThatHidesOrReorders(string format, string shown)
    {
        using var other = new ArchiveFolder();
        other.Add(Some.Batch(), Some.Zstd(Some.Record("b\u202eob\u009b2J\U000e0041")));

        var onTerminal = await CommandLine.RunOnAsync(80, "lookup", other.Path, "-o", format);
        var inPipe = await CommandLine.RunAsync("lookup", other.Path, "-o", format);

        Assert.Contains(shown, onTerminal.Output, StringComparison.Ordinal);
        Assert.Equal(format == "json" ? Some.Record("b\u202eob\u009b2J\U000e0041") + "\n" : onTerminal.Output, inPipe.Output);
    }
}
