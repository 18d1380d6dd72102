using System.CommandLine;
using System.Text;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Clusters;
using ClusterTrail.Kubectl.Input;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Kubectl.Render;

/// <summary><c>kubectl trail render</c>: what the operator would make of a Trail, without a cluster or as that of one would.</summary>
static class RenderCommand
{
    internal const string Examples = """
        Examples:
          # What a Trail would become
          kubectl trail render -f trail.yaml

          # With what teams add, and what Prometheus operators take
          kubectl trail render -f trail.yaml -f trailselectors.yaml --monitors -o json

          # What a changed Trail would change in the cluster
          kubectl trail render -f trail.yaml --from-cluster |
            kubectl diff --server-side --field-manager=clustertrail-operator --force-conflicts -f -

          # Of what was saved from a cluster
          kubectl get trails,trailselectors,namespaces -A -o yaml | kubectl trail render -f -
        """;

    const string Yaml = "yaml";
    const string Json = "json";

    static readonly Option<string[]> Files = new("--filename", "-f")
    {
        Description = "A YAML or JSON file of Trails, TrailSelectors, Namespaces and ConfigMaps with rule files; - is standard input. "
            + "Can be repeated.",
        HelpName = "FILE",
    };

    static readonly Option<bool> FromCluster = new("--from-cluster")
    {
        Description = "Reads what the files do not contain from the cluster, and prints the objects that its operator would create."
            + " Without -f, prints the objects of all its Trails.",
    };

    static readonly Option<string> Image = new("--image")
    {
        Description = "The agents' image, for Trails that do not name one. With --from-cluster the default is the operator's.",
        HelpName = "IMAGE",
        DefaultValueFactory = _ => $"clustertrail-agent:{typeof(RenderCommand).Assembly.GetName().Version?.ToString(3)}",
    };

    static readonly Option<string> OperatorNamespace = new("--namespace", "-n")
    {
        Description = "The operator's namespace.",
        HelpName = "NAMESPACE",
        DefaultValueFactory = _ => "clustertrail-system",
    };

    static readonly Option<bool> Monitors =
        new("--monitors")
        {
            Description = "Print a PodMonitor too. With --from-cluster the default depends on whether the cluster has the kind.",
        };

    static readonly Option<string> Format = new Option<string>("--output", "-o")
    {
        Description = "yaml: one document per object. json: one list.",
        HelpName = "yaml|json",
        DefaultValueFactory = _ => Yaml,
    }.AcceptOnlyFromAmong(Yaml, Json);

    internal static Command Build()
    {
        var command = new Command("render", "Prints every object that the operator would create for a Trail.")
        {
            Files, FromCluster, Image, OperatorNamespace, Monitors, Format, ClusterOption.Kubeconfig, ClusterOption.Context,
        };
        command.Runs(RunAsync);
        return command;
    }

    static async Task<ExitCode> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var problems = new ProblemLog(terminal.Error.WriteLine);
        var files = arguments.GetValue(Files) ?? [];
        var fromCluster = arguments.GetValue(FromCluster);
        if (files.Length == 0 && !fromCluster)
            throw new TrailException(ExitCode.BadUsage, "There is no Trail to render; give a file with -f, or --from-cluster");
        var input = TrailInput.Read(files, problems);
        var inputs = new AgentInputs
        {
            Namespace = arguments.GetRequiredValue(OperatorNamespace),
            Image = arguments.GetRequiredValue(Image),
            PodMonitors = arguments.GetValue(Monitors),
        };
        if (fromCluster && problems.ExitCode == ExitCode.Ok)
            (input, inputs) = await AsInClusterAsync(input, inputs, arguments, problems, cancellationToken);
        var rendered = Rendering.Render(input, inputs, problems);
        if (problems.ExitCode != ExitCode.Ok)
            return problems.ExitCode;

        var text = arguments.GetValue(Format) == Json ? ManifestText.Json(rendered) : ManifestText.Yaml(rendered);
        terminal.Output.Write(Encoding.UTF8.GetBytes(text));
        terminal.Output.Flush();
        return ExitCode.Ok;
    }

    static async Task<(TrailInput Input, AgentInputs Inputs)> AsInClusterAsync(
        TrailInput input, AgentInputs inputs, ParseResult arguments, ProblemLog problems, CancellationToken cancellationToken)
    {
        using var reader = new ClusterReader(ClusterOption.Find(arguments));
        var cluster = new ClusterInput(reader, inputs.Namespace, problems);
        var isImageGiven = arguments.GetResult(Image) is { Implicit: false };
        var installed = await cluster.OperatorAsync(cancellationToken);
        return (
            await cluster.CompleteAsync(input, cancellationToken),
            inputs with
            {
                Image = isImageGiven ? inputs.Image : cluster.ImageOf(installed, inputs.Image),
                TelemetryPeers = installed is null ? null : OperatorDeployment.TelemetryPeers(installed),
                PodMonitors = inputs.PodMonitors || await cluster.HasPodMonitorsAsync(cancellationToken),
            });
    }
}
