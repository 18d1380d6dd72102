using ClusterTrail.Contract.Execs;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Agents;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Operator.Execs;

/// <summary>The agents of the cluster, as the operator's copy of it has them.</summary>
sealed class HttpExecAgents(ClusterCache cache) : IExecAgents, IDisposable
{
    readonly ExecClient client = new();

    public IReadOnlyList<ExecAgent> Running() => [.. cache.Pods.Objects.Select(AgentOf).OfType<ExecAgent>()];

    public string? ProblemOf(string trail)
    {
        var set = cache.SetOf(trail, AgentRole.ApiServer);
        var missing = set is null ? 0 : set.Desired - set.Ready;
        return set is null ? "The agents that record API events are not there."
            : missing > 0 ? $"{missing} of the agents that record API events are not ready."
            : null;
    }

    public Task<ExecReport?> AskAsync(ExecAgent agent, long after, CancellationToken cancellationToken) =>
        client.AskAsync(agent, after, cancellationToken);

    public Task<HandoverAnswer?> HandAsync(ExecAgent agent, ExecHandover handover, CancellationToken cancellationToken) =>
        client.HandAsync(agent, handover, cancellationToken);

    public void Dispose() => client.Dispose();

    ExecAgent? AgentOf(V1Pod pod) =>
        pod is { Status: { PodIP: { } address, Phase: "Running" }, Spec.NodeName: not null }
            && Collector.NodeOf(pod) is { } node && cache.RoleOf(pod) is { } role
            && AgentLabels.TrailOf(pod) is { } trail && cache.Trails.Find(new(null, trail)) is { } named
            && AgentKeys.Find(cache, pod, trail) is { Length: > 0 } key
            ? new(pod.Key, trail, node, role, AgentAddress.Of(pod, address, named, ExecSignature.Path), key)
            : null;
}
