using System.Security.Cryptography.X509Certificates;

namespace ClusterTrail.Kubernetes.Connecting;

static class ClientCertificate
{
    /// <summary>The first certificate with its key, RSA or EC, and the others after it.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">They are not PEM, or do not belong together.</exception>
    public static X509Certificate2Collection FromPem(string certificates, string key)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPem(certificates);
        return [X509Certificate2.CreateFromPem(certificates, key), .. all.Skip(1)];
    }
}
