using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Kubectl.Status;

/// <summary>What a Trail's status says of its agents on all nodes. Pure.</summary>
static class WorkloadsBranch
{
    /// <summary>A line, and one for each node with a problem: of thousands of nodes, the others say nothing.</summary>
    internal static Branch Of(WorkloadsStatus workloads) => Branch.OfRows(
        $"workloads: {Summary(workloads)}",
        from agent in workloads.Agents ?? []
        where agent.Reason is not null || agent.Message is not null || agent.State is not ("Idle" or "Reading")
        select new[] { agent.Name, string.Join(", ", new[] { agent.State, agent.Reason }.OfType<string>()), agent.Message });

    static string Summary(WorkloadsStatus workloads) => string.Join("; ",
    [
        $"{workloads.Ready} of {Quantity.Counted(workloads.Nodes, "node")} ready, {workloads.Reporting} reporting",
        $"{Quantity.Counted(workloads.Pods ?? 0, "pod")} followed",
        $"{Quantity.Counted(workloads.Lines ?? 0, "line")} and {Quantity.Counted(workloads.Processes ?? 0, "program")} recorded"
            + (workloads.Lost is > 0 and var lost ? $", {Quantity.Count(lost)} lost" : ""),
        $"{Quantity.Bytes(workloads.SpoolBytes ?? 0)} in the spool",
        workloads.Gaps is > 0 and var gaps ? Quantity.Counted(gaps, "gap") : "no gaps",
    ]);
}
