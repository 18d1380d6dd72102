using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Judging;

/// <summary>Makes of what is known of a Trail's agents on all nodes what its status says of them. Pure.</summary>
static class WorkloadsStatusBuilder
{
    /// <param name="trail">Of all agents.</param>
    /// <returns>Nothing without such agents: what they counted is forgotten with them.</returns>
    public static WorkloadsStatus? Build(TrailView trail)
    {
        if (trail.Workloads is not { } view)
            return null;
        var reports = view.Reporting.Select(reporting => reporting.Status).ToList();
        var counted = view.Nodes.Select(NodeStatusBuilder.News).Aggregate(
            AgentCounters.Of(trail.Trail.Status?.Workloads), (sum, news) => sum.Plus(news));
        var ready = view.Nodes.Count(node => node.IsReady && node.Agent?.IsReady == true);
        return new()
        {
            Nodes = view.Nodes.Count,
            Ready = ready,
            Reporting = reports.Count,
            Summary = $"{ready}/{view.Nodes.Count}",
            Pods = Saturating.Sum(reports.SelectMany(report => report.Sources).Select(source => (long)(source.Containers?.Pods ?? 0))),
            Lines = counted.Lines,
            Processes = counted.Processes,
            Lost = counted.Lost,
            Gaps = counted.Gaps,
            SpoolBytes = Saturating.Sum(reports.Select(report => report.Spool.Bytes)),
            Agents = [.. view.Nodes.Select(node => NodeStatusBuilder.Build(node, view))],
        };
    }

    /// <summary>As it is written: the nodes with a problem, and others while there is room.</summary>
    public static WorkloadsStatus? Written(WorkloadsStatus? status) =>
        status is not { Agents: { Count: > TrailStatusBuilder.MostNodes } agents } ? status : status with
        {
            Agents =
            [
                .. agents.OrderBy(agent => agent.Reason is null && agent.Message is null && agent.State is "Idle" or "Reading")
                    .Take(TrailStatusBuilder.MostNodes).OrderBy(agent => agent.Name, StringComparer.Ordinal),
            ],
        };
}
