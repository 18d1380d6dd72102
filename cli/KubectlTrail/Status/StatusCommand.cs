using System.CommandLine;
using System.Text;
using ClusterTrail.Kubernetes.Connecting;
using ClusterTrail.Trails;

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
        Description = "The Trail; all of them if left out.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    static readonly Option<string?> Kubeconfig = new("--kubeconfig") { Description = "The kubeconfig file; the default is kubectl's.", HelpName = "FILE" };

    static readonly Option<string?> Context = new("--context") { Description = "The context of the kubeconfig; the default is its current one.", HelpName = "NAME" };

    internal static Command Build(Terminal terminal)
    {
        var command = new Command("status", "Shows whether Trails record and deliver, and why not.") { Name, Kubeconfig, Context };
        command.SetAction(async (arguments, cancellationToken) => (int)await RunAsync(arguments, terminal, cancellationToken));
        return command;
    }

    static async Task<ExitCode> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var problems = new Problems(terminal.Error.WriteLine);
        using var cluster = TrailsOfCluster.Connect(Find(arguments));
        var (trails, lines) = arguments.GetValue(Name) is { Length: > 0 } name
            ? await OneAsync(cluster, name, cancellationToken)
            : await AllAsync(cluster, problems, cancellationToken);
        terminal.Output.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        terminal.Output.Flush();
        return problems.ExitCode == ExitCode.Ok && !trails.All(Readiness.IsReady) ? ExitCode.NotReady : problems.ExitCode;
    }

    static async Task<(IReadOnlyList<Trail> Trails, IReadOnlyList<string> Lines)> OneAsync(
        TrailsOfCluster cluster, string name, CancellationToken cancellationToken)
    {
        var trail = await cluster.GetAsync(name, cancellationToken);
        return ([trail], TrailTree.Lines(trail, DateTimeOffset.UtcNow));
    }

    static async Task<(IReadOnlyList<Trail> Trails, IReadOnlyList<string> Lines)> AllAsync(
        TrailsOfCluster cluster, Problems problems, CancellationToken cancellationToken)
    {
        var trails = await cluster.ListAsync(problems, cancellationToken);
        if (trails.Count == 0)
            problems.Report(ExitCode.Ok, "The cluster has no Trail that can be shown");
        return (trails, TrailList.Lines(trails, DateTimeOffset.UtcNow));
    }

    static ClusterConnection Find(ParseResult arguments)
    {
        try
        {
            return ClusterConnection.Find(arguments.GetValue(Kubeconfig), arguments.GetValue(Context));
        }
        catch (ConnectionException e)
        {
            throw new TrailException(ExitCode.BadUsage, e.Message, e);
        }
    }
}
