using ClusterTrail.Testing.Chains;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Keys;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Verification.Tests;

/// <summary>Verifies archives in memory.</summary>
static class Verifying
{
    public static Task<VerificationResult> VerifyAsync(
        this SimulatedArchive archive, IReadOnlyList<KnownHead>? heads = null, ArchiveScope? scope = null, IArchiveStore? store = null,
        TrustedKeys? trusted = null) =>
        new Verifier(
            store ?? new InMemoryArchive(archive.Objects),
            new(scope ?? ArchiveScope.All, trusted ?? new([archive.Operator.Public], []), heads ?? [], archive.Now),
            new NoProgress()).VerifyAsync(TestContext.Current.CancellationToken);

    /// <summary>What is shown where a test fails.</summary>
    public static string Text(this VerificationResult result) => string.Join(
        '\n', result.Findings.Findings.OrderByDescending(one => one.Kind).Select(one => $"{one.Kind} ×{one.Count} {one.Node} {one.Subject}: {one.Message}"));

    public static long CountOf(this VerificationResult result, FindingKind kind) =>
        result.Findings.Counts.Where(one => one.Kind == kind).Sum(one => one.Count);

    sealed class NoProgress : IVerificationProgress
    {
        public void Found(long more)
        {
        }

        public void Done()
        {
        }
    }
}
