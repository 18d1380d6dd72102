using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>What agents of a Trail that is being deleted may still hold. Pure.</summary>
static class Undelivered
{
    /// <summary>A sentence for every node whose agent may still hold something, also if it is unavailable or comes back.</summary>
    /// <param name="view">The Trail.</param>
    /// <param name="progress">
    /// Keeps which agents have reported that they read nothing more and hold nothing: those that are started later do not read either.
    /// </param>
    public static IEnumerable<string> Of(TrailView view, DeletionProgress progress)
    {
        foreach (var role in new[] { view, view.Workloads }.OfType<TrailView>())
        {
            foreach (var node in role.Nodes)
            {
                if (!progress.Done.Contains((role.Role, node.Name)) && Left(node, role, progress.Since) is { } left)
                    yield return $"{node.Name}: {left}";
                else
                    progress.Done.Add((role.Role, node.Name));
            }
        }
    }

    static string? Left(NodeView node, TrailView view, DateTimeOffset since) => node switch
    {
        { Agent: { Status: { } status, Report.At: var at } } =>
            Left(status) ?? (at <= since ? "the agent has not answered since the request to stop." : null),
        // The node was removed with all that it held, or nothing was ever read there.
        { Node: null, Agent: null, IsCollector: false } => null,
        { Agent: null or { HasRun: false } } when node.Before?.LastSeen is null => null,
        { IsReady: false } => $"the node is not ready{Since(node)}.",
        { Agent: null } => $"the agent is unavailable{Since(node)}.",
        { Agent: { IsTerminating: true } } => $"the agent is being replaced and does not answer{Since(node)}.",
        _ when PodTrouble.Of(node.Agent!, view.Now) is { } trouble => $"the agent does not answer. {trouble.Message}",
        _ => $"the agent does not answer{(node.Agent!.Report?.Error is { } error ? $" ({error})" : Since(node))}.",
    };

    static string? Left(AgentStatus report)
    {
        var reads = report.Sources.Any(source => source.State != SourceState.Stopped) ? "the agent has not stopped reading yet." : null;
        var holds = report.Spool.Batches > 0
            ? $"{report.Spool.Batches} batches of {report.Spool.Bytes} bytes wait for the sink.{Cause(report)}"
            : null;
        return (reads, holds) is (null, null) ? null : string.Join(' ', new[] { holds, reads }.OfType<string>());
    }

    static string Cause(AgentStatus report) =>
        report.Sinks.Select(sink => sink.LastError)
            .FirstOrDefault(error => error is not null) is { } error ? $" {error.Code}: {error.Message}" : "";

    static string Since(NodeView node) => node.Before?.LastSeen is { } seen ? $"; it last answered at {seen:yyyy-MM-ddTHH:mm:ssZ}" : "";
}
