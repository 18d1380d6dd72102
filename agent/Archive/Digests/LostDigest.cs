using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>A digest of the chain that was damaged on the node's disk before the sink confirmed it.</summary>
public sealed record LostDigest(long Sequence, string Reason)
{
    internal JsonObject ToJson() => new() { ["sequence"] = Sequence, ["reason"] = Reason };

    internal static LostDigest Read(Members members) => new(members.Count("sequence"), members.Text("reason"));
}
