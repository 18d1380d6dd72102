using ClusterTrail.Verification.Findings;
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

    /// <summary>What was found where the heads are kept.</summary>
    public IReadOnlyList<ArchiveFinding> Found { get; init; } = [];

    /// <summary>Sentences for the reader of a report: what the heads do not show.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>
    /// Told the name of each object that is as a digest says which an agent's genuine key signed. Several threads may say so at once.
    /// </summary>
    public Action<string>? Proven { get; init; }

    /// <summary>The same, compared with what is known from elsewhere.</summary>
    public VerificationOptions With(GivenHeads given) =>
        this with { Heads = [.. Heads, .. given.Heads], Found = [.. Found, .. given.Findings], Notes = [.. Notes, .. given.Notes] };

    internal VerificationOptions Of(ArchiveNode node) =>
        Places.TryGetValue(node, out var since) && !(Scope.Since > since) ? this with { Scope = Scope with { Since = since } } : this;
}
