using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Keys;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Verification;

/// <summary>What is verified, against what.</summary>
/// <param name="Heads">The newest digests of chains, as somebody else than the archive knows them.</param>
/// <param name="Now">The verifier's own clock.</param>
public sealed record VerificationOptions(ArchiveScope Scope, TrustedKeys Trusted, IReadOnlyList<KnownHead> Heads, DateTimeOffset Now)
{
    /// <summary>From when on nodes are verified that were verified before, until then.</summary>
    public IReadOnlyDictionary<ArchiveNode, DateTimeOffset> Places { get; init; } = new Dictionary<ArchiveNode, DateTimeOffset>();

    internal VerificationOptions Of(ArchiveNode node) =>
        Places.TryGetValue(node, out var since) && !(Scope.Since > since) ? this with { Scope = Scope with { Since = since } } : this;
}
