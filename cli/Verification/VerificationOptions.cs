using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Keys;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Verification;

/// <summary>What is verified, against what.</summary>
/// <param name="Heads">The newest digests of chains, as somebody else than the archive knows them.</param>
/// <param name="Now">The verifier's own clock.</param>
public sealed record VerificationOptions(ArchiveScope Scope, TrustedKeys Trusted, IReadOnlyList<KnownHead> Heads, DateTimeOffset Now);
