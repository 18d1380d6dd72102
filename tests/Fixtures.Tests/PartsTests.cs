using System.Diagnostics;
using ClusterTrail.Testing;

namespace ClusterTrail.Fixtures.Tests;

/// <summary>What tools/lib/parts.sh promises to the scripts that install parts.</summary>
public sealed class PartsTests : IDisposable
{
    const string MakesIt = "echo made >>\"$COUNT\"; echo whole >\"$1/program\"";

    const string Call = "install_part part stamp make";

    readonly TemporaryFolder folder = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    string Home => folder.Join("cache/clustertrail/part");

    [Fact]
    public async Task APartIsMadeOnce()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => InstallAsync(MakesIt)));
        var again = await InstallAsync(MakesIt);

        Assert.All([.. all, again], done => Assert.Equal((0, Path.Join(Home, "stamp")), (done.Code, done.Printed)));
        Assert.Equal("whole\n", await ProgramAsync());
        Assert.Equal("made\n", await File.ReadAllTextAsync(folder.Join("count"), Cancellation));
    }

    [Fact]
    public async Task APackageThatIsNotThereIsSaidAndLeavesNothing()
    {
        var done = await InstallAsync("debian_packages '' \"$1\" no-such-package-of-clustertrail");

        Assert.Equal((3, ""), (done.Code, done.Printed));
        Assert.StartsWith("script: missing: the Debian packages no-such-package-of-clustertrail of ", done.Said, StringComparison.Ordinal);
        Assert.Equal([Path.Join(Home, "lock")], Directory.EnumerateFileSystemEntries(Home));
    }

    [Fact]
    public async Task AMirrorThatDoesNotAnswerIsTheReasonGiven()
    {
        var done = await InstallAsync(
            $"debian_mirror() {{ echo http://127.0.0.1:{FreePort.Next()}/debian; }}; debian_packages '' \"$1\" prometheus");

        Assert.Equal(3, done.Code);
        Assert.Contains("Could not connect", done.Said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Join(Home, "stamp")));
    }

    [Theory]
    [InlineData(Call)]
    [InlineData($"folder=$({Call}); echo \"$folder\"")]
    public async Task WhatFailsHalfWayLeavesNothing(string call)
    {
        var done = await InstallAsync("echo half >\"$1/program\"; false; echo on >\"$1/program\"", call);

        Assert.Equal((1, ""), (done.Code, done.Printed));
        Assert.Equal([Path.Join(Home, "lock")], Directory.EnumerateFileSystemEntries(Home));
    }

    [Fact]
    public async Task AConditionAroundItIsRefusedAsErrorsWouldGoUnnoticed()
    {
        var done = await InstallAsync("false; echo on >\"$1/program\"", $"if {Call}; then :; fi");

        Assert.Equal((1, ""), (done.Code, done.Printed));
        Assert.Contains("cannot be part of a condition", done.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatAKilledInstallationLeftIsNotTakenForWhole()
    {
        using (var killed = Start("echo half >\"$1/program\"; sleep 1000"))
        {
            await Until.HoldsAsync(() =>
                Directory.Exists(Home) && Directory.EnumerateFiles(Home, "program", SearchOption.AllDirectories).Any());
            killed.Kill(entireProcessTree: true);
        }

        var done = await InstallAsync(MakesIt);

        Assert.Equal(0, done.Code);
        Assert.Equal("whole\n", await ProgramAsync());
        Assert.Equal([Path.Join(Home, "stamp")], Directory.EnumerateDirectories(Home));
    }

    public void Dispose() => folder.Dispose();

    Task<string> ProgramAsync() => File.ReadAllTextAsync(Path.Join(Home, "stamp/program"), Cancellation);

    async Task<(int Code, string Printed, string Said)> InstallAsync(string make, string call = Call)
    {
        using var script = Start(make, call);
        var said = script.StandardError.ReadToEndAsync(Cancellation);
        var printed = await script.StandardOutput.ReadToEndAsync(Cancellation);
        await script.WaitForExitAsync(Cancellation);
        return (script.ExitCode, printed.Trim(), await said);
    }

    Process Start(string make, string call = Call) => Process.Start(new ProcessStartInfo(
        "bash",
        ["-c", $"set -euo pipefail; . '{ToolScript.PathOf("lib/parts.sh")}'; make() {{ {make}; }}; {call}", "script.sh"])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["XDG_CACHE_HOME"] = folder.Join("cache"), ["COUNT"] = folder.Join("count") },
    })!;
}
