using ClusterTrail.Contract;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;

namespace ClusterTrail.Trails.Manifests;

/// <summary>What agents are for.</summary>
public enum AgentRole
{
    /// <summary>Those of control-plane nodes, which follow the audit log.</summary>
    ApiServer,

    /// <summary>Those of all nodes, which record what containers write and execute.</summary>
    Workloads,
}

public static class AgentRoles
{
    /// <summary>The label that tells the pods of one role from those of another.</summary>
    public const string Label = "app.kubernetes.io/component";

    public static IReadOnlyList<AgentRole> All { get; } = [AgentRole.ApiServer, AgentRole.Workloads];

    public static string Component(this AgentRole role) => role == AgentRole.Workloads ? "workloads" : "apiserver";

    /// <summary>What the chain of digests of a role's agents is called: a node may have agents of both.</summary>
    public static string Chain(this AgentRole role) =>
        role == AgentRole.Workloads ? WorkloadFiles.WorkloadsChain : new IntegrityConfiguration().Chain;

    /// <summary>How the pods of a role are made.</summary>
    public static AgentSpec AgentOf(this TrailSpec trail, AgentRole role) =>
        role == AgentRole.ApiServer ? AgentOfApiServer(trail) : AgentOfWorkloads(trail);

    static AgentSpec AgentOfWorkloads(TrailSpec trail) => trail.Agent with
    {
        StateDirectory = trail.WorkloadAgent.StateDirectory,
        Resources = trail.WorkloadAgent.Resources,
        // Without labels, every node.
        NodeSelector = trail.WorkloadAgent.NodeSelector ?? new Dictionary<string, string>(),
        Tolerations = trail.WorkloadAgent.Tolerations,
        PriorityClassName = trail.WorkloadAgent.PriorityClassName ?? trail.Agent.PriorityClassName,
    };

    // The one of all API servers is where there is room, without the tolerations of one that must be on a node.
    static AgentSpec AgentOfApiServer(TrailSpec trail) => !trail.Sources.ApiServer.IsCollected() ? trail.Agent : trail.Agent with
    {
        NodeSelector = trail.Agent.NodeSelector ?? new Dictionary<string, string>(),
        Tolerations = trail.Agent.Tolerations ?? [],
        PriorityClassName = trail.Agent.PriorityClassName ?? AgentPod.PriorityOfCollected,
    };
}
