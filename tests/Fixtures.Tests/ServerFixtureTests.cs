using System.Diagnostics;
using ClusterTrail.Testing;

namespace ClusterTrail.Fixtures.Tests;

public sealed class ServerFixtureTests : IDisposable
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    readonly TemporaryFolder folder = new();

    [Fact]
    public async Task ATestThatNeedsAMissingPartIsSkippedAndSaysWhy()
    {
        var output = await RunAsync(nameof(UnwellTests.NeedsWhatIsMissing));

        Assert.Contains("missing: the moon.", output, StringComparison.Ordinal);
        Assert.Contains("Failed: 0, Skipped: 1,", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATestWhoseServerDoesNotStartFails()
    {
        var output = await RunAsync(nameof(UnwellTests.NeedsWhatDoesNotStart));

        Assert.Contains("It fell over.", output, StringComparison.Ordinal);
        Assert.Contains("Failed: 1, Skipped: 0,", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFailedTestNamesTheFolderOfItsServersLogs()
    {
        var output = await RunAsync(nameof(UnwellTests.UsesAServerAndFails));

        const string says = "The server's logs are kept in ";
        var path = output[(output.IndexOf(says, StringComparison.Ordinal) + says.Length)..].Split(".\n")[0];
        Assert.StartsWith(folder.Join("clustertrail-logs-sleep-"), path, StringComparison.Ordinal);
        Assert.Equal("hello\n", await File.ReadAllTextAsync(Path.Combine(path, "bash.log"), Cancellation));
    }

    [Fact]
    public async Task LogsThatNobodyWantsToKeepAreGoneWithTheServer()
    {
        var server = new SleepServer();

        await server.DisposeAsync();

        Assert.False(Directory.Exists(server.Logs.Path));
    }

    [Fact]
    public async Task AServerEndsWithATestProcessThatIsKilled()
    {
        using var tests = Start(nameof(UnwellTests.StartsAServerAndHangs));
        await Until.HoldsAsync(() => File.Exists(PidFile) && File.ReadAllText(PidFile).EndsWith('\n'));
        var server = (await File.ReadAllTextAsync(PidFile, Cancellation)).Split()[0];
        Assert.True(Directory.Exists($"/proc/{server}"));

        tests.Kill();

        await Until.HoldsAsync(() => !Directory.Exists($"/proc/{server}"));
    }

    public void Dispose() => folder.Dispose();

    string PidFile => folder.Join("pid");

    async Task<string> RunAsync(string test)
    {
        using var tests = Start(test);
        var output = await tests.StandardOutput.ReadToEndAsync(Cancellation);
        await tests.WaitForExitAsync(Cancellation);
        return output;
    }

    Process Start(string test) => Process.Start(new ProcessStartInfo(
        "dotnet",
        ["exec", typeof(UnwellTests).Assembly.Location, "-noLogo", "-noColor", "-explicit", "only", "-method", $"{typeof(UnwellTests).FullName}.{test}"])
    {
        RedirectStandardOutput = true,
        Environment = { ["TMPDIR"] = folder.Path, [UnwellTests.PidFileVariable] = PidFile },
    })!;
}
