using System.Diagnostics;
using System.Reflection;

namespace ClusterTrail.Kubectl.Tests;

/// <summary>The built program, where what it writes goes nowhere.</summary>
public sealed class UnwritableOutputTests : IDisposable
{
    // Not the copy beside the tests: where coverage is counted, that writes a file of its own at its end, which it cannot here.
    static readonly string Program =
        Repository.PathOf("cli", "KubectlTrail", "bin", Configuration, "net10.0", "kubectl-trail.dll");

    // No file may grow there, as on a full disk.
    const string WithoutFiles = "trap '' XFSZ; ulimit -f 0; DOTNET_EnableWriteXorExecute=0 exec \"$@\"";

    readonly ArchiveFolder archive = new();

    static string Configuration =>
        typeof(UnwritableOutputTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    public void Dispose() => archive.Dispose();

    [Theory]
    [InlineData("exec \"$@\" 2>/dev/full")]
    [InlineData("exec \"$@\" 2>&-")]
    [InlineData($"{WithoutFiles} 2>errors")]
    public async Task WhereErrorsCannotBeWrittenTheExitCodeStillTells(string script)
    {
        using var process = Start($"cd {archive.Path}; {script}", "cat", "no-such-file");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, process.ExitCode);
    }

    [Fact]
    public async Task AClosedOutputIsTold()
    {
        using var process = Start("exec \"$@\" >&-", "detections", "list");
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            (1, "kubectl trail: The output cannot be written: it is closed, or not open for writing.\n"), (process.ExitCode, error));
    }

    [Fact]
    public async Task KeysThatAreWrittenAreTold()
    {
        var name = Path.Combine(archive.Path, "auditor");

        using var process = Start("exec \"$@\" >/dev/full", "keys", "generate", "--out", name);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith(
            $"kubectl trail: {name}.key.pem and {name}.pub.pem are written. The output cannot be written: ",
            error, StringComparison.Ordinal);
        Assert.True(File.Exists($"{name}.key.pem"));
    }

    [Fact]
    public async Task AFileThatIsTooLargeIsAnOutputThatCannotBeWritten()
    {
        using var process = Start($"cd {archive.Path}; {WithoutFiles} >output", "detections", "list");
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith("kubectl trail: The output cannot be written: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APartOfAKeyIsNotLeft()
    {
        var name = Path.Combine(archive.Path, "auditor");

        using var process = Start(WithoutFiles, "keys", "generate", "--out", name);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, process.ExitCode);
        Assert.StartsWith($"kubectl trail: {name}.key.pem cannot be written: ", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(archive.Path));
    }

    static Process Start(string script, params string[] arguments) => Process.Start(
        new ProcessStartInfo("bash", ["-c", script, "bash", "dotnet", Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
