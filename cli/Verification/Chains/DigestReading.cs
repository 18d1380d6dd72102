using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Verification.Chains;

/// <summary>What was read of a digest.</summary>
/// <param name="Label">Of the chain, as the name says.</param>
/// <param name="IsChecked">Whether it is in the period that is verified; of others only what it says counts.</param>
/// <param name="Digest">Null if it does not count, which was reported.</param>
/// <param name="Sha256">Of its bytes as they were signed.</param>
/// <param name="IsInPlace">Whether it is stored under its own name.</param>
sealed record DigestReading(DigestEntry Entry, string Name, string Label, bool IsChecked, Digest? Digest, string Sha256, bool IsInPlace)
{
    /// <summary>Of what is signed: two signatures of one digest differ only behind it.</summary>
    public string SignedSha256 { get; init; } = "";

    /// <summary>What the next digest must call it.</summary>
    public required string RightName { get; init; }
}
