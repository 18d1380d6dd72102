using System.CommandLine;
using System.Text;
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
        """;

    static readonly Argument<string?> Name = new("TRAIL")
    {
        Description = "The name of the Trail. The default is all Trails.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    internal static Command Build(Terminal terminal)
    {
        var command = new Command("status", "Shows whether Trails record and deliver, and why not.")
        {
            Name, ClusterOption.Kubeconfig, ClusterOption.Context,
        };
        command.SetAction(async (arguments, cancellationToken) => (int)await RunAsync(arguments, terminal, cancellationToken));
        return command;
    }

    static async Task<ExitCode> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var problems = new ProblemLog(terminal.Error.WriteLine);
        using var cluster = new ClusterReader(ClusterOption.Find(arguments));
        var (trails, lines) = arguments.GetValue(Name) is { Length: > 0 } name
            ? await OneAsync(cluster, name, terminal.OutputWidth, cancellationToken)
            : await AllAsync(cluster, problems, terminal.OutputWidth, cancellationToken);
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
