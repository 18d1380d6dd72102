using System.CommandLine;
using ClusterTrail.History.Reading;

namespace ClusterTrail.Kubectl.Shared;

/// <summary>How a command says what it does.</summary>
static class CommandActions
{
    /// <summary>The command does this, on the terminal that its line was invoked on.</summary>
    internal static void Runs(this Command command, Func<ParseResult, Terminal, CancellationToken, Task<ExitCode>> action) =>
        command.SetAction(async (arguments, cancellationToken) => (int)await action(arguments, Terminal.Of(arguments), cancellationToken));
}
