using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterTrail.Agent.Tests.Sinks;

/// <summary>Certificates for servers of the tests.</summary>
static class SomeCertificate
{
    /// <summary>Of 127.0.0.1, and its own authority.</summary>
    public static X509Certificate2 OfLoopback(int fromHours = -1, int toHours = 1) =>
        Own("CN=server", names => names.AddIpAddress(IPAddress.Loopback), fromHours, toHours);

    /// <summary>Of a host by its name, and its own authority.</summary>
    public static X509Certificate2 OfHost(string host) => Own("CN=server", names => names.AddDnsName(host), -1, 1);

    public static X509Certificate2 Authority(string subject, int fromHours, int toHours) =>
        Own(subject, names => names.AddDnsName("authority"), fromHours, toHours);

    /// <summary>Of 127.0.0.1; the authority may have expired before.</summary>
    public static X509Certificate2 IssuedBy(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request("CN=server", key, names => names.AddIpAddress(IPAddress.Loopback), isAuthority: false);
        using var issuing = authority.GetECDsaPrivateKey()!;
        using var certificate = request.Create(
            authority.SubjectName, X509SignatureGenerator.CreateForECDsa(issuing), DateTimeOffset.UtcNow.AddHours(-1),
            DateTimeOffset.UtcNow.AddHours(1), [1, 2, 3]);
        return certificate.CopyWithPrivateKey(key);
    }

    static X509Certificate2 Own(string subject, Action<SubjectAlternativeNameBuilder> name, int fromHours, int toHours)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Request(subject, key, name, isAuthority: true).CreateSelfSigned(
            DateTimeOffset.UtcNow.AddHours(fromHours), DateTimeOffset.UtcNow.AddHours(toHours));
    }

    static CertificateRequest Request(string subject, ECDsa key, Action<SubjectAlternativeNameBuilder> name, bool isAuthority)
    {
        var names = new SubjectAlternativeNameBuilder();
        name(names);
        return new(subject, key, HashAlgorithmName.SHA256)
        {
            CertificateExtensions = { names.Build(), new X509BasicConstraintsExtension(isAuthority, false, 0, true) },
        };
    }
}
