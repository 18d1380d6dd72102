using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Verification.Objects;

/// <summary>An object that a digest names.</summary>
/// <param name="ChainId">Of the digest.</param>
/// <param name="DigestSequence">Of the digest.</param>
/// <param name="From">Where the digest's period begins.</param>
/// <param name="IsSigned">Whether a key that is known to be the agent's signed the digest, and the digest has its place in the chain.</param>
sealed record NamedBatch(DigestObject Object, string Label, string ChainId, long DigestSequence, DateTimeOffset From, bool IsSigned);
