namespace ClusterTrail.Verification;

/// <summary>How far a verification is, in digests and objects.</summary>
public interface IVerificationProgress
{
    void Found(long more);

    void Done();
}
