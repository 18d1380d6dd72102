using System.CommandLine;
using System.CommandLine.Help;
using System.Text;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Cat;
using ClusterTrail.Kubectl.Completion;
using ClusterTrail.Kubectl.Decrypt;
using ClusterTrail.Kubectl.Detections;
using ClusterTrail.Kubectl.Estimate;
using ClusterTrail.Kubectl.Explain;
using ClusterTrail.Kubectl.Export;
using ClusterTrail.Kubectl.Help;
using ClusterTrail.Kubectl.Insights;
using ClusterTrail.Kubectl.Keys;
using ClusterTrail.Kubectl.Lookup;
using ClusterTrail.Kubectl.Policy;
using ClusterTrail.Kubectl.Query;
using ClusterTrail.Kubectl.Render;
using ClusterTrail.Kubectl.Report;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Kubectl.Status;
using ClusterTrail.Kubectl.Verify;
using ClusterTrail.Kubectl.WebConsole;
using ClusterTrail.Kubectl.Webhook;

namespace ClusterTrail.Kubectl;

/// <summary><c>kubectl trail</c>, with all its commands.</summary>
static class TrailCommand
{
    const string HelpOfCommand = "--help";

    // Built once: an option keeps each command that it was ever added to.
    static readonly RootCommand Root = Build();

    /// <summary>Runs a command line to its exit code; whatever goes wrong becomes one sentence on the errors.</summary>
    internal static async Task<int> RunAsync(string[] arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        try
        {
            var line = arguments is ["help", .. var rest] ? [.. rest, HelpOfCommand] : arguments;
            return await InvokeAsync(Root.Parse(line), terminal, cancellationToken);
        }
        catch (OutputException e) when (e.IsClosed)
        {
            return (int)ExitCode.Ok;
        }
        catch (OperationCanceledException)
        {
            return (int)ExitCode.Interrupted;
        }
        catch (TrailException e)
        {
            // The message of an invalid file has a sentence a line.
            return Fail(terminal, e.ExitCode, e.Message.Split('\n'));
        }
        catch (Exception e)
        {
            return Fail(terminal, ExitCode.Unreadable, [$"{e.Message} ({e.GetType().Name})"]);
        }
    }

    static RootCommand Build()
    {
        var root = new RootCommand(
            "Shows the status of Trails, reads their archives (who did what in a Kubernetes cluster), "
                + "and prints their objects and audit policy.")
        {
            CatCommand.Build(),
            CompletionCommand.Build(),
            ConsoleCommand.Build(ConsoleParts.OfCommands()),
            DecryptCommand.Build(),
            DetectionsCommand.Build(),
            EstimateCommand.Build(),
            ExplainCommand.Build(),
            ExportCommand.Build(),
            InsightsCommand.Build(),
            KeysCommand.Build(),
            LookupCommand.Build(),
            QueryCommand.Build(),
            RenderCommand.Build(),
            PolicyCommand.Build(),
            ReportCommand.Build(),
            StatusCommand.Build(),
            VerifyCommand.Build(),
            WebhookCommand.Build(),
        };
        root.HelpName = "kubectl trail";
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    static async Task<int> InvokeAsync(ParseResult command, Terminal terminal, CancellationToken cancellationToken)
    {
        if ((command.Errors.Count > 0 || CommandNames.UnknownOption(command) is not null) && !(command.Action?.ClearsParseErrors ?? false))
            return await RefuseAsync(command, terminal, cancellationToken);

        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        await using var output = new StreamWriter(terminal.Output, utf8, leaveOpen: true) { AutoFlush = true };
        // Signals are the process's (Interruption); the library's own way takes no second one.
        var invocation = new TerminalInvocation
        {
            Terminal = terminal,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = output,
            Error = terminal.Error,
        };
        return await command.InvokeAsync(invocation, cancellationToken);
    }

    static async Task<int> RefuseAsync(ParseResult command, Terminal terminal, CancellationToken cancellationToken)
    {
        var sentence = $"kubectl trail: {CommandNames.Refusal(command) ?? Printable.Escape(OneLine(command.Errors[0].Message))}";
        if (command.CommandResult.Command.Subcommands.Count == 0)
        {
            terminal.Error.WriteLine($"{sentence} See {CommandNames.Name(command)} --help.");
            return (int)ExitCode.BadUsage;
        }

        terminal.Error.WriteLine(sentence);
        terminal.Error.WriteLine();
        var help = Root.Parse([.. CommandNames.Path(command), HelpOfCommand]);
        await help.InvokeAsync(new() { EnableDefaultExceptionHandler = false, Output = terminal.Error }, cancellationToken);
        return (int)ExitCode.BadUsage;
    }

    static string OneLine(string message) => string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    static int Fail(Terminal terminal, ExitCode exitCode, IEnumerable<string> sentences)
    {
        foreach (var sentence in sentences)
            terminal.Error.WriteLine(ProblemLog.Sentence(sentence));
        return (int)exitCode;
    }
}
