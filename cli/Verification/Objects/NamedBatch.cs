using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Verification.Objects;

/// <summary>An object that a digest names.</summary>
/// <param name="ChainId">Of the digest.</param>
/// <param name="DigestSequence">Of the digest.</param>
/// <param name="From">Where the digest's period begins.</param>
sealed record NamedBatch(DigestObject Object, string Label, string ChainId, long DigestSequence, DateTimeOffset From);
