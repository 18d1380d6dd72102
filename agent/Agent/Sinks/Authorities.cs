using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterTrail.Agent.Sinks;

/// <summary>The certificate authorities of one server, which are trusted for nothing else.</summary>
static class Authorities
{
    /// <param name="field">The field of the configuration that names the file.</param>
    /// <param name="path">A PEM file.</param>
    /// <exception cref="SinkException">It cannot be used.</exception>
    public static X509ChainPolicy TrustOnly(string field, string path)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SinkException("NoCertificateAuthority", $"{field} {path} cannot be read: {e.Message}", e);
        }

        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new SinkException("NoCertificateAuthority", $"{field} {path} holds no PEM certificate.");
    }
}
