using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ClusterTrail.Kubernetes.Tests.Client;

/// <summary>A certificate authority that lives as long as a test.</summary>
sealed class TestAuthority : IDisposable
{
    readonly ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly DateTimeOffset from = DateTimeOffset.UtcNow.AddHours(-1);
    readonly DateTimeOffset until = DateTimeOffset.UtcNow.AddHours(1);

    public TestAuthority(string address, string name)
    {
        var request = new CertificateRequest("CN=root", rootKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        Root = request.CreateSelfSigned(from, until);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(address, out var ip))
            names.AddIpAddress(ip);
        names.AddDnsName(name);
        server.CertificateExtensions.Add(names.Build());
        using var signed = Sign(server);
        Server = signed.CopyWithPrivateKey(key);
    }

    public X509Certificate2 Root { get; }

    public X509Certificate2 Server { get; }

    public byte[] RootPem => Encoding.ASCII.GetBytes(Root.ExportCertificatePem());

    /// <summary>A client's certificate and key, as PEM.</summary>
    public (string Certificate, string Key) Issue(string subject, bool rsa)
    {
        using AsymmetricAlgorithm key = rsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = key is RSA rsaKey
            ? new CertificateRequest($"CN={subject}", rsaKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={subject}", (ECDsa)key, HashAlgorithmName.SHA256);
        using var signed = Sign(request);
        // As kubeadm writes them: PKCS#1 and SEC 1, not PKCS#8.
        return (signed.ExportCertificatePem(), key is RSA one ? one.ExportRSAPrivateKeyPem() : ((ECDsa)key).ExportECPrivateKeyPem());
    }

    public void Dispose()
    {
        Root.Dispose();
        Server.Dispose();
        rootKey.Dispose();
    }

    X509Certificate2 Sign(CertificateRequest request) => request.Create(
        Root.SubjectName, X509SignatureGenerator.CreateForECDsa(rootKey), from, until, RandomNumberGenerator.GetBytes(8));
}
