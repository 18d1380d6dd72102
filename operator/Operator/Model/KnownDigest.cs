namespace ClusterTrail.Operator.Model;

/// <summary>A digest of a chain.</summary>
/// <param name="Sequence">0: there is none yet.</param>
/// <param name="Until">When it was sealed.</param>
sealed record KnownDigest(long Sequence, string? Sha256 = null, DateTimeOffset? Until = null);
