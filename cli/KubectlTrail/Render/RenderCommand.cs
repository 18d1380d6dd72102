using System.CommandLine;
using System.Text;
using ClusterTrail.Trails;

namespace ClusterTrail.Kubectl.Render;

/// <summary><c>kubectl trail render</c>: what the operator would make of a Trail, without a cluster.</summary>
static class RenderCommand
{
    internal const string Examples = """
        Examples:
          # What a Trail would become
          kubectl trail render -f trail.yaml

          # With what teams add, and what Prometheus operators take
          kubectl trail render -f trail.yaml -f trailselectors.yaml --monitors -o json

          # Of what is in a cluster
          kubectl get trails,trailselectors,namespaces -A -o yaml | kubectl trail render -f -
        """;

    const string Yaml = "yaml";
    const string Json = "json";

    static readonly Option<string[]> Files = new("--filename", "-f")
    {
        Description = "A YAML or JSON file of Trails, TrailSelectors, Namespaces and ConfigMaps with rule files; - is the standard input. May be given more than once.",
        HelpName = "FILE",
        Required = true,
    };

    static readonly Option<string> Image = new("--image")
    {
        Description = "The agents' image, where a Trail names none.",
        HelpName = "IMAGE",
        DefaultValueFactory = _ => $"clustertrail-agent:{typeof(RenderCommand).Assembly.GetName().Version?.ToString(3)}",
    };

    static readonly Option<string> Namespace = new("--namespace", "-n")
    {
        Description = "The operator's namespace.",
        HelpName = "NAMESPACE",
        DefaultValueFactory = _ => "clustertrail-system",
    };

    static readonly Option<bool> Monitors = new("--monitors") { Description = "With a PodMonitor." };

    static readonly Option<string> Format = new Option<string>("--output", "-o")
    {
        Description = "yaml: one document an object. json: one list.",
        HelpName = "yaml|json",
        DefaultValueFactory = _ => Yaml,
    }.AcceptOnlyFromAmong(Yaml, Json);

    internal static Command Build(Terminal terminal)
    {
        var command = new Command("render", "Prints every object that the operator would make of a Trail.") { Files, Image, Namespace, Monitors, Format };
        command.SetAction(async (arguments, cancellationToken) => (int)await RunAsync(arguments, terminal, cancellationToken));
        return command;
    }

    static async Task<ExitCode> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var problems = new Problems(terminal.Error.WriteLine);
        var input = await RenderInput.ReadAsync(arguments.GetRequiredValue(Files), problems, cancellationToken);
        var monitors = arguments.GetValue(Monitors);
        var rendered = Rendering.Render(
            input,
            new()
            {
                Namespace = arguments.GetRequiredValue(Namespace),
                Image = arguments.GetRequiredValue(Image),
                PodMonitors = monitors,
            },
            problems);
        if (problems.ExitCode != ExitCode.Ok)
            return problems.ExitCode;

        var text = arguments.GetValue(Format) == Json ? ManifestText.Json(rendered) : ManifestText.Yaml(rendered);
        terminal.Output.Write(Encoding.UTF8.GetBytes(text));
        terminal.Output.Flush();
        return ExitCode.Ok;
    }
}
