using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>The last digest of a chain that somebody knows.</summary>
/// <param name="ChainId">The chain's own id.</param>
/// <param name="Sha256">Of the digest's stored bytes.</param>
public sealed record ChainHead(string ChainId, long Sequence, string Sha256)
{
    internal JsonObject ToJson() => new() { ["chainId"] = ChainId, ["sequence"] = Sequence, ["sha256"] = Sha256 };

    internal static ChainHead Read(Members members) =>
        new(members.Hex("chainId", Digest.ChainIdDigits), members.Count("sequence"), members.Sha256("sha256"));
}
