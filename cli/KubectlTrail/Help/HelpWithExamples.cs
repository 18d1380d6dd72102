using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ClusterTrail.History.Reading;

namespace ClusterTrail.Kubectl.Help;

/// <summary>The usual help, and below it the command's examples and the exit codes.</summary>
sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    /// <summary>Who asks for help has not written the rest yet.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        output.Write(Usual(parseResult, command));
        var name = string.Join(' ', CommandNames.Path(parseResult));
        if (ExamplesOf(name) is { } examples)
            output.WriteLine(examples + Environment.NewLine);
        foreach (var line in ExitCodes.Of(name))
            output.WriteLine(line);
        return (int)ExitCode.Ok;
    }

    // The usual list of commands shows every argument as one that must be given.
    string Usual(ParseResult parseResult, Command command)
    {
        var configuration = parseResult.InvocationConfiguration;
        var output = configuration.Output;
        using var text = new StringWriter();
        configuration.Output = text;
        help.Invoke(parseResult);
        configuration.Output = output;
        var optional =
            from one in command.Subcommands
            where one.Arguments.Any(IsOptional)
            let shown = one.Arguments.Select(argument => $" <{argument.Name}>")
            let right = one.Arguments.Select(argument => IsOptional(argument) ? $" [{argument.Name}]" : $" <{argument.Name}>")
            select (Shown: one.Name + string.Concat(shown), Right: one.Name + string.Concat(right));
        return optional.Aggregate($"{text}", (all, one) => all.Replace(one.Shown, one.Right, StringComparison.Ordinal));
    }

    static bool IsOptional(Argument argument) => argument.Arity.MinimumNumberOfValues == 0;

    // Of the commands below one.
    static string All(string first, string second) => $"{first}\n{second[second.IndexOf('\n', StringComparison.Ordinal)..]}";

    static string? ExamplesOf(string command) => command switch
    {
        "cat" => Cat.CatCommand.Examples,
        "console" => WebConsole.ConsoleCommand.Examples,
        "completion" => Completion.CompletionCommand.Examples,
        "decrypt" => Decrypt.DecryptCommand.Examples,
        "keys" => All(Keys.KeysCommand.Examples, Keys.KeysExport.Examples),
        "keys generate" => Keys.KeysCommand.Examples,
        "keys export" => Keys.KeysExport.Examples,
        "export" => Export.ExportCommand.Examples,
        "insights" => Insights.InsightsCommand.Examples,
        "lookup" => Lookup.LookupCommand.Examples,
        "query" => Query.QueryCommand.Examples,
        "render" => Render.RenderCommand.Examples,
        "report" => Report.ReportCommand.Examples,
        "policy" => Policy.PolicyCommand.Examples,
        "estimate" => Estimate.EstimateCommand.Examples,
        "explain" => Explain.ExplainCommand.Examples,
        "detections" => All(Detections.ListCommand.Examples, Detections.TestCommand.Examples),
        "detections list" => Detections.ListCommand.Examples,
        "detections test" => Detections.TestCommand.Examples,
        "status" => Status.StatusCommand.Examples,
        "verify" => Verify.VerifyCommand.Examples,
        "webhook" => Webhook.WebhookCommand.Examples,
        _ => null,
    };
}
