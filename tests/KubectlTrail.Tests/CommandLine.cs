using System.Text;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Tests;

/// <summary>What a command line ended with.</summary>
sealed record Outcome(int ExitCode, byte[] OutputBytes, string Error)
{
    internal string Output => Encoding.UTF8.GetString(OutputBytes);

    internal string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>kubectl trail in this process, in a pipe unless a terminal is asked for.</summary>
static class CommandLine
{
    internal static Task<Outcome> RunAsync(params string[] arguments) => RunOnAsync(terminalWidth: null, arguments);

    internal static async Task<Outcome> RunOnAsync(int? terminalWidth, params string[] arguments)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var terminal = new Terminal(
            new OutputStream(output), error, terminalWidth, ErrorIsTerminal: false, Colour: terminalWidth is not null);

        var exitCode = await TrailCommand.RunAsync(arguments, terminal, TestContext.Current.CancellationToken);

        return new(exitCode, output.ToArray(), error.ToString());
    }
}
