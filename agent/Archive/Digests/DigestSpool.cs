using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>The agent's spool when the digest was sealed.</summary>
/// <param name="BlockedSeconds">How long the spool was full in the period, so that nothing was read.</param>
/// <param name="Refused">How many batches the sink refuses while it takes others.</param>
public sealed record DigestSpool(long Bytes, long Batches, long BlockedSeconds, long Refused)
{
    internal JsonObject ToJson() => new()
    {
        ["bytes"] = Bytes,
        ["batches"] = Batches,
        ["blockedSeconds"] = BlockedSeconds,
        ["refused"] = Refused,
    };

    internal static DigestSpool Read(Members members) =>
        new(members.Count("bytes"), members.Count("batches"), members.Count("blockedSeconds"), members.Count("refused"));
}
