using System.Text;
using ClusterTrail.Contract.Records;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Chains;

namespace ClusterTrail.Operator.Agents;

/// <summary>Sends agents the key records that they are to store in the archive: docs/decisions/0029.</summary>
/// <remarks>An agent says which it has stored in its status, so a lost request is repeated at the next poll.</remarks>
sealed class RecordSender(ChainRegistry chains, SignedPost post)
{
    // So many nodes may go at once that their records would keep the poll of one agent from the others.
    const int MostAtOnce = 8;

    /// <param name="status">What the agent said of itself a moment ago.</param>
    /// <param name="url">Of the agent, without a path.</param>
    /// <param name="key">The Trail's.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What went wrong; null if nothing did.</returns>
    public async Task<string?> SendAsync(AgentStatus status, string url, byte[] key, CancellationToken cancellationToken)
    {
        // An older agent has no such page.
        if (status.Integrity?.Records is not { } stored)
            return null;
        foreach (var record in chains.PendingFor(status).Where(record => !stored.Contains(record.Sha256)).Take(MostAtOnce))
        {
            var body = Encoding.UTF8.GetBytes(record.Text);
            if (await post.SendAsync(url + KeyRecords.Path, KeyRecords.Purpose, key, body, cancellationToken) is { } problem)
                return problem;
        }

        return null;
    }
}
