using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClusterTrail.Contract.Labels;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Cache;

namespace ClusterTrail.Operator.Agents;

/// <summary>Sends agents the labels that they need when these are not what they have: docs/decisions/0024 and 0046.</summary>
/// <remarks>
/// An agent says which it has in its status, so nothing is remembered here, and a lost request is repeated at the next poll.
/// </remarks>
sealed class LabelSender(ClusterCache cache, SignedPost post, TimeProvider time)
{
    /// <param name="status">What the agent said of itself a moment ago.</param>
    /// <param name="url">Of the agent, without a path.</param>
    /// <param name="key">The Trail's.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What went wrong; null if nothing did.</returns>
    public async Task<string?> SendAsync(AgentStatus status, string url, byte[] key, CancellationToken cancellationToken)
    {
        if (Wanted(status) is not { } wanted || wanted.Hash == KnownTo(status))
            return null;
        var body = JsonSerializer.SerializeToUtf8Bytes(wanted, LabelsJson.Default.LabelsHandover);
        return await post.SendAsync(url + LabelsHandover.Path, LabelsHandover.Purpose, key, body, cancellationToken);
    }

    /// <summary>The hash of the labels that an agent has; null before it got any, or if it needs none.</summary>
    public static string? KnownTo(AgentStatus status) => status.Enrichment is { } enrichment ? enrichment.LabelsHash
        : status.Sources.Select(source => source.Containers).OfType<ContainersStatus>().FirstOrDefault()?.LabelsHash;

    LabelsHandover? Wanted(AgentStatus status)
    {
        var (trail, node) = (status.Agent.Trail, status.Agent.NodeName);
        var isOfWorkloads = status.Sources.Any(source => source.Containers is not null);
        var pods = isOfWorkloads ? cache.AllPods.Of(trail, node) : null;
        if (status.Enrichment is null || (isOfWorkloads && pods is null))
            return pods is null ? null : new() { Trail = trail, Node = node, At = time.GetUtcNow(), Hash = pods.Hash, Pods = pods.Pods };
        // An agent on all nodes needs the namespaces of its node's pods only.
        var namespaces = cache.LabelledNamespaces.Of(trail);
        namespaces = pods is null ? namespaces : namespaces?.Only(pods.Controlled.Select(pod => pod.Namespace).ToHashSet());
        var owners = pods is null ? null : cache.Owners.Of(trail, pods.Controlled);
        return namespaces is null && owners is null ? null : new()
        {
            Trail = trail,
            Node = node,
            At = time.GetUtcNow(),
            Hash = Hash($"{pods?.Hash}|{namespaces?.Hash}|{(owners is null ? "" : Hash(owners))}"),
            Pods = pods?.Pods ?? [],
            Namespaces = namespaces?.Namespaces,
            Owners = owners,
        };
    }

    static string Hash(IReadOnlyList<OwnedPods> owners) => Convert.ToHexStringLower(
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(owners, LabelsJson.Default.IReadOnlyListOwnedPods)));

    static string Hash(string of) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(of)));
}
