using System.Text.Json;
using ClusterTrail.Contract.Labels;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Cache;

namespace ClusterTrail.Operator.Agents;

/// <summary>Sends agents the labels of their node's pods when they have others: docs/decisions/0024.</summary>
/// <remarks>
/// An agent says which it has in its status, so nothing is remembered here, and a lost request is repeated at the next poll.
/// </remarks>
sealed class LabelSender(PodCatalog pods, SignedPost post, TimeProvider time)
{
    /// <param name="status">What the agent said of itself a moment ago.</param>
    /// <param name="url">Of the agent, without a path.</param>
    /// <param name="key">The Trail's.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What went wrong; null if nothing did.</returns>
    public async Task<string?> SendAsync(AgentStatus status, string url, byte[] key, CancellationToken cancellationToken)
    {
        var known = status.Sources.Select(source => source.Containers).OfType<ContainersStatus>().FirstOrDefault();
        if (known is null || pods.Of(status.Agent.Trail, status.Agent.NodeName) is not { } wanted || wanted.Hash == known.LabelsHash)
            return null;
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new()
            {
                Trail = status.Agent.Trail,
                Node = status.Agent.NodeName,
                At = time.GetUtcNow(),
                Hash = wanted.Hash,
                Pods = wanted.Pods,
            },
            LabelsJson.Default.LabelsHandover);
        return await post.SendAsync(url + LabelsHandover.Path, LabelsHandover.Purpose, key, body, cancellationToken);
    }
}
