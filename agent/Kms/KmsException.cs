using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Kms;

/// <summary>KMS did not do what it was asked for.</summary>
/// <param name="code">KMS's own code, such as DisabledException, or Timeout, Unreachable, NoCredentials, NoRegion.</param>
/// <param name="message">What happened and what to do.</param>
public sealed class KmsException(string code, string message, Exception? inner = null) : KeyUnavailableException(message, inner)
{
    public string Code => code;
}
