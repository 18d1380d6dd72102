namespace ClusterTrail.Verification.Chains;

/// <summary>What a digest's name says, in few bytes: a year of a node has a hundred thousand.</summary>
/// <param name="Label">The place of the chain's label in the catalog's list.</param>
/// <param name="Hash">The hash's digits as a number.</param>
/// <param name="Bytes">How large the listing says it is.</param>
readonly record struct DigestEntry(int Label, long Sequence, DateTimeOffset SealedAt, ulong Hash, long Bytes) : IComparable<DigestEntry>
{
    /// <summary>By label and number, so that the digests of each chain come in its order, whatever the clock did.</summary>
    public int CompareTo(DigestEntry other) =>
        (Label, Sequence, SealedAt, Hash).CompareTo((other.Label, other.Sequence, other.SealedAt, other.Hash));
}
