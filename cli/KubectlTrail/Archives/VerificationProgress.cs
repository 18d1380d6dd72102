using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Verification;

namespace ClusterTrail.Kubectl.Archives;

/// <summary>The bar of a verification.</summary>
sealed class VerificationProgress(Progress progress) : IVerificationProgress
{
    public void Found(long more) => progress.Found(more);

    public void Done() => progress.Done();
}
