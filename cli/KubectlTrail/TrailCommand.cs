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
    internal static RootCommand Root { get; } = Build();

    // What begins with @ is a value like any other, and no file that has arguments.
    static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs a command line to its exit code; whatever goes wrong becomes one sentence on the errors.</summary>
    internal static async Task<int> RunAsync(string[] arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        try
        {
            var line = arguments is ["help", .. var rest] ? [.. rest.TakeWhile(word => !word.StartsWith('-')), HelpOfCommand] : arguments;
            var command = Root.Parse(line, Parsing);
            // A directive, as completion uses it, takes any words.
            var isDirective = command.Action is { ClearsParseErrors: true } and not HelpWithExamples;
            return !isDirective && Wrong(command, line) is { } sentence
                ? await RefuseAsync(command, sentence, terminal, cancellationToken)
                : await InvokeAsync(command, terminal, cancellationToken);
        }
        catch (OutputException e) when (e.IsClosed)
        {
            return (int)ExitCode.Ok;
        }
        catch (OutputException e)
        {
            return Fail(terminal, ExitCode.Unreadable, [e.Message]);
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
            HelpOfOthers(),
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

    // For the list of commands; its line is run as one with --help.
    static Command HelpOfOthers()
    {
        var names = new Argument<string[]>("COMMAND") { Arity = ArgumentArity.ZeroOrMore };
        names.CompletionSources.Add(context => CommandNames.Below(Root, context.ParseResult.GetValue(names) ?? []));
        return new("help", "Shows how a command is used.") { names };
    }

    static async Task<int> InvokeAsync(ParseResult command, Terminal terminal, CancellationToken cancellationToken)
    {
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

    static async Task<int> RefuseAsync(ParseResult command, string sentence, Terminal terminal, CancellationToken cancellationToken)
    {
        if (CommandNames.HelpfulPath(command) is not { } path)
        {
            terminal.Error.WriteLine($"{ProblemLog.Prefix}{sentence} See {CommandNames.Name(command)} --help.");
            return (int)ExitCode.BadUsage;
        }

        terminal.Error.WriteLine($"{ProblemLog.Prefix}{sentence}");
        terminal.Error.WriteLine();
        var help = Root.Parse([.. path, HelpOfCommand]);
        await help.InvokeAsync(new() { EnableDefaultExceptionHandler = false, Output = terminal.Error }, cancellationToken);
        return (int)ExitCode.BadUsage;
    }

    // Who asks for help has not written the rest yet.
    static string? Wrong(ParseResult line, IEnumerable<string> words) => CommandNames.UnknownCommand(line) is { } unknown ? unknown
        : line.Action is HelpWithExamples ? null
        : WrongValues.Empty(words) ?? CommandNames.Refusal(line) ?? WrongValues.Empty(line)
            ?? line.Errors.Select(WrongValues.Wrong).FirstOrDefault(sentence => sentence is not null)
            ?? (line.Errors.Count > 0 ? Printable.Escape(OneLine(line.Errors[0].Message)) : null);

    static string OneLine(string message) => string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    static int Fail(Terminal terminal, ExitCode exitCode, IEnumerable<string> sentences)
    {
        foreach (var sentence in sentences)
            terminal.Error.WriteLine(ProblemLog.Sentence(sentence));
        return (int)exitCode;
    }
}
