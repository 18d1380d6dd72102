using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Operator.Model;

/// <summary>A node that should have a Trail's agent, or has one.</summary>
sealed record NodeView(string Name)
{
    /// <summary>Whether it stands for the one agent that reads for all API servers, wherever that is.</summary>
    public bool IsCollector { get; init; }

    /// <summary>Null when the cluster does not have it any more.</summary>
    public V1Node? Node { get; init; }

    /// <summary>The labels that the agents' node selector requires and the node does not have.</summary>
    public IReadOnlyList<string> MissingLabels { get; init; } = [];

    /// <summary>The taints that keep an agent off the node.</summary>
    public IReadOnlyList<V1Taint> Taints { get; init; } = [];

    /// <summary>The newest; one that terminates only if there is no other.</summary>
    public AgentView? Agent { get; init; }

    /// <summary>What was said of it last.</summary>
    public TrailNode? Before { get; init; }

    /// <summary>Whether its kubelet reports.</summary>
    public bool IsReady => Node?.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "Ready") is not { Status: not "True" };
}
