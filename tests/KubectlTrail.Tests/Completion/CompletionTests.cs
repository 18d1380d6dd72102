using System.Diagnostics;
using System.Text;

namespace ClusterTrail.Kubectl.Tests.Completion;

/// <summary>The scripts of <c>kubectl trail completion</c>, run by the shells that they are for.</summary>
public sealed class CompletionTests : IDisposable
{
    readonly ArchiveFolder folder = new();

    public CompletionTests()
    {
        var program = folder.AddFile(
            "bin/kubectl-trail",
            Encoding.UTF8.GetBytes($"#!/bin/sh\nexec \"{Environment.ProcessPath}\" exec \"{Path.Combine(AppContext.BaseDirectory, "kubectl-trail.dll")}\" \"$@\"\n"));
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("veri", "verify")]
    [InlineData("lookup archive --us", "--user")]
    [InlineData("lookup archive -o j", "json")]
    [InlineData("report archive --for nis", "nist")]
    [InlineData("help ca", "cat")]
    [InlineData("help keys g", "generate")]
    public async Task KubectlGetsCandidatesAndADirective(string words, string candidate)
    {
        var script = folder.AddFile("complete", (await CommandLine.RunAsync("completion", "kubectl")).OutputBytes);

        var lines = await ShellAsync($"sh {script} {words}");

        Assert.Equal([candidate, ":0"], lines);
    }

    [Fact]
    public async Task AnEmptyWordGetsAllCommands()
    {
        var script = folder.AddFile("complete", (await CommandLine.RunAsync("completion", "kubectl")).OutputBytes);

        Assert.Superset(new HashSet<string>(["cat", "lookup", "query", "verify"]), (await ShellAsync($"sh {script} ''")).ToHashSet());
    }

    [Fact]
    public async Task BashCompletesTheWordAtTheCursor()
    {
        var script = folder.AddFile("complete", (await CommandLine.RunAsync("completion", "bash")).OutputBytes);

        var lines = await ShellAsync(
            $"source {script}; COMP_LINE='kubectl-trail lookup archive --sess'; COMP_POINT=${{#COMP_LINE}}; _kubectl_trail; printf '%s\\n' \"${{COMPREPLY[@]}}\"");

        Assert.Equal(["--session"], lines);
    }

    [Fact]
    public async Task AnUnknownShellIsASentence()
    {
        var outcome = await CommandLine.RunAsync("completion", "csh");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("csh", outcome.Error, StringComparison.Ordinal);
    }

    async Task<string[]> ShellAsync(string command)
    {
        var start = new ProcessStartInfo("bash", ["-c", command]) { RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{Path.Combine(folder.Path, "bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        using var shell = Process.Start(start)!;
        var output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
