using System.Diagnostics;
using ClusterTrail.Testing;

namespace ClusterTrail.Operator.Tests;

/// <summary>The command line: what is wrong is reported in a sentence, with exit code 2.</summary>
public sealed class ProgramTests
{
    [Theory]
    [InlineData("run --agent-image a", "--namespace is not given and POD_NAMESPACE is not set")]
    [InlineData("run --namespace n", "--agent-image")]
    [InlineData("run --namespace n --agent-image a --poll-seconds 0", "--poll-seconds is 0; allowed: 1 to 300.")]
    [InlineData("run --namespace n --agent-image a --telemetry-from []", "--telemetry-from is not a JSON list of peers")]
    [InlineData("run --namespace n --agent-image a --kubeconfig /nonexistent", "/nonexistent")]
    [InlineData("walk", "walk")]
    public async Task AWrongCommandLineIsRefused(string arguments, string part)
    {
        using var folder = new TemporaryFolder();
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "clustertrail-operator.dll"), .. arguments.Split(' ')])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["HOME"] = folder.Path, ["KUBECONFIG"] = "", ["POD_NAMESPACE"] = "" },
        })!;
        var printing = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        _ = await printing;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, process.ExitCode);
        Assert.Contains(part, said, StringComparison.Ordinal);
    }
}
