using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterTrail.Testing.Cluster;

/// <summary>Issues the certificates of a test's servers and clients, valid for a day.</summary>
public sealed class CertificateAuthority : IDisposable
{
    static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    static readonly TimeSpan Reserve = TimeSpan.FromMinutes(10);

    readonly X509Certificate2 authority;

    public CertificateAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=clustertrail-tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    /// <summary>The authority's own certificate, in PEM: what its clients trust.</summary>
    public string Pem => authority.ExportCertificatePem();

    /// <summary>For a server on 127.0.0.1.</summary>
    /// <param name="longer">How much longer it is valid than others, of which none outlives the authority.</param>
    public (string Certificate, string Key) IssueToServer(TimeSpan longer = default)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        names.AddDnsName("kubernetes.default.svc");
        return Issue(new X500DistinguishedName("CN=127.0.0.1"), ServerAuthentication, names, longer);
    }

    /// <summary>For a user of Kubernetes: the common name is the user, each organization a group.</summary>
    public (string Certificate, string Key) IssueToUser(string user, params string[] groups)
    {
        var name = new X500DistinguishedNameBuilder();
        foreach (var group in groups)
            name.AddOrganizationName(group);
        name.AddCommonName(user);
        return Issue(name.Build(), ClientAuthentication);
    }

    /// <summary>Whether a server's certificate is from here; for clients that take a callback.</summary>
    public bool Issued(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    public void Dispose() => authority.Dispose();

    (string Certificate, string Key) Issue(
        X500DistinguishedName name, Oid usage, SubjectAlternativeNameBuilder? names = null, TimeSpan longer = default)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([usage], critical: false));
        if (names is not null)
            request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(authority, authority.NotBefore, authority.NotAfter - Reserve + longer, RandomNumberGenerator.GetBytes(16));
        return (issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
