using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ClusterTrail.Kubectl.Help;

/// <summary>The usual help, and below it the command's examples and the exit codes.</summary>
sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    const string ExitCodes = """
        Exit codes:
          0    all went well
          1    something could not be read; everything else was printed. detections test: a case failed
          2    wrong usage or input
          3    something could not be decrypted: no key, or not the right one; status: a Trail is not Ready
          130  interrupted
        """;

    /// <summary>Who asks for help has not written the rest yet.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (ExamplesOf(parseResult.CommandResult.Command.Name) is { } examples)
            output.WriteLine(examples + Environment.NewLine);
        output.WriteLine(ExitCodes);
        return (int)ExitCode.Ok;
    }

    static string? ExamplesOf(string command) => command switch
    {
        "cat" => Cat.CatCommand.Examples,
        "decrypt" => Decrypt.DecryptCommand.Examples,
        "keys" or "generate" => Keys.KeysCommand.Examples,
        "render" => Render.RenderCommand.Examples,
        "policy" => Policy.PolicyCommand.Examples,
        "explain" => Explain.ExplainCommand.Examples,
        "detections" or "list" => Detections.ListCommand.Examples,
        "test" => Detections.TestCommand.Examples,
        "status" => Status.StatusCommand.Examples,
        _ => null,
    };
}
