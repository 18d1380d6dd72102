using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>
/// The authority of one Trail, which signs the certificate of its receivers and that of the API servers that call them. Pure.
/// </summary>
static class ReceiverAuthority
{
    public static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3650);

    /// <summary>How long an API server's certificate is valid: it must be replaced by hand, so not soon.</summary>
    public static readonly TimeSpan ClientLife = TimeSpan.FromDays(1825);

    public static readonly TimeSpan ServerLife = TimeSpan.FromDays(398);

    /// <summary>The name in the certificate of API servers.</summary>
    public const string ClientName = "kube-apiserver";

    // Clocks differ.
    static readonly TimeSpan Before = TimeSpan.FromHours(1);

    static readonly Oid ForServers = new("1.3.6.1.5.5.7.3.1");
    static readonly Oid ForClients = new("1.3.6.1.5.5.7.3.2");

    public static (string Certificate, string Key) New(string trail, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Named($"clustertrail {trail} receivers"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var made = request.CreateSelfSigned(now - Before, now + AuthorityLife);
        return (made.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <exception cref="CryptographicException">The authority cannot be used.</exception>
    public static (string Certificate, string Key) ForServer(
        (string Certificate, string Key) authority, DateTimeOffset now, IReadOnlyList<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        foreach (var host in hosts)
            names.AddDnsName(host);
        return Sign(authority, "clustertrail-receiver", ForServers, now, ServerLife, names.Build());
    }

    /// <exception cref="CryptographicException">The authority cannot be used.</exception>
    public static (string Certificate, string Key) ForApiServer((string Certificate, string Key) authority, DateTimeOffset now) =>
        Sign(authority, ClientName, ForClients, now, ClientLife, null);

    static (string Certificate, string Key) Sign(
        (string Certificate, string Key) authority, string name, Oid usage, DateTimeOffset now, TimeSpan life, X509Extension? names)
    {
        using var issuer = X509Certificate2.CreateFromPem(authority.Certificate, authority.Key);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Named(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([usage], critical: false));
        if (names is not null)
            request.CertificateExtensions.Add(names);
        var (from, until) = (now - Before, now + life);
        var last = new DateTimeOffset(issuer.NotAfter);
        using var made = request.Create(issuer, from, until < last ? until : last, RandomNumberGenerator.GetBytes(16));
        return (made.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    static X500DistinguishedName Named(string commonName)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(commonName);
        return name.Build();
    }
}
