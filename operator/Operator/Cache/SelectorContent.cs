using ClusterTrail.Contract;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;

namespace ClusterTrail.Operator.Cache;

/// <summary>What a TrailSelector adds to a Trail, as agents get it.</summary>
/// <param name="Set">Its rules for events; empty if it has none.</param>
/// <param name="Workloads">What it asks for of workloads.</param>
sealed record SelectorContent(byte[] Set, WrittenWorkloads Workloads)
{
    public int Length => Set.Length + Workloads.Output.Length + Workloads.Processes.Length;

    public static SelectorContent Of(TrailSelector selector) => new(
        selector.Spec.Rules.Count == 0 ? [] : Contracts.WriteCompact(AgentFiles.RuleSet(selector)), WrittenWorkloads.Of(selector));
}
