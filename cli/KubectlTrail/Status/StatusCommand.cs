using System.CommandLine;
using System.Text;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Clusters;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Kubectl.Status;

/// <summary><c>kubectl trail status</c>: whether Trails record and deliver, and why not.</summary>
static class StatusCommand
{
    internal const string Examples = """
        Examples:
          # All Trails in a line each, and what is wrong with those that are not Ready
          kubectl trail status

          # One Trail, whole
          kubectl trail status main --context prod

          # The newest digests that the operator knows of: an archive that lacks them was cut off
          kubectl trail status --heads > heads.json
          kubectl trail verify s3://audit/prod --keys operator.pub.pem --heads heads.json
        """;

    static readonly Argument<string?> Name = new("TRAIL")
    {
        Description = "The name of the Trail. The default is all Trails.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    static readonly Option<bool> Heads = new("--heads")
    {
        Description = "Print the newest digests that the operator knows of, in JSON, for kubectl trail verify --heads.",
    };

    static readonly Option<string> OperatorNamespace = new("--namespace", "-n")
    {
        Description = "The operator's namespace, with --heads: it keeps there what a Trail's status has no room for.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "clustertrail-system",
    };

    internal static Command Build()
    {
        var command = new Command("status", "Shows whether Trails record and deliver, and why not.")
        {
            Name, Heads, OperatorNamespace, ClusterOption.Kubeconfig, ClusterOption.Context,
        };
        command.Runs(RunAsync);
        return command;
    }

    static async Task<ExitCode> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var problems = new ProblemLog(terminal.Error.WriteLine);
        using var cluster = new ClusterReader(ClusterOption.Find(arguments));
        var (trails, lines) = arguments.GetValue(Name) is { Length: > 0 } name
            ? await OneAsync(cluster, name, terminal.OutputWidth, cancellationToken)
            : await AllAsync(cluster, problems, terminal.OutputWidth, cancellationToken);
        if (arguments.GetValue(Heads))
        {
            var text = await HeadList.TextAsync(cluster, trails, arguments.GetRequiredValue(OperatorNamespace), cancellationToken);
            terminal.Output.Write(Encoding.UTF8.GetBytes(text));
            terminal.Output.Flush();
            return problems.ExitCode;
        }

        terminal.Output.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        terminal.Output.Flush();
        var areReady = trails.All(trail => Readiness.IsReady(trail, DateTimeOffset.UtcNow));
        return problems.ExitCode == ExitCode.Ok && !areReady ? ExitCode.NotReady : problems.ExitCode;
    }

    static async Task<(IReadOnlyList<Trail> Trails, IReadOnlyList<string> Lines)> OneAsync(
        ClusterReader cluster, string name, int? width, CancellationToken cancellationToken)
    {
        var trail = await cluster.FindAsync<Trail>(new(null, name), cancellationToken)
            ?? throw new TrailException(ExitCode.BadUsage, $"{cluster.Name} has no Trail {name}; 'kubectl get trails' shows its Trails");
        return ([trail], TrailTree.Lines(trail, DateTimeOffset.UtcNow, width));
    }

    static async Task<(IReadOnlyList<Trail> Trails, IReadOnlyList<string> Lines)> AllAsync(
        ClusterReader cluster, ProblemLog problems, int? width, CancellationToken cancellationToken)
    {
        var trails = await cluster.ListAsync<Trail>(null, problems, cancellationToken);
        if (trails.Count == 0)
            problems.Report(ExitCode.Ok, "The cluster has no Trail to show");
        return (trails, TrailList.Lines(trails, DateTimeOffset.UtcNow, width));
    }
}
