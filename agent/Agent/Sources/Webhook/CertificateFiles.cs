using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Agent.Sources.Webhook;

/// <summary>The texts of a receiver's certificates, as they are on disk.</summary>
sealed record CertificateFiles(string Certificate, string Key, string? Authorities)
{
    /// <summary>Changes with any of them.</summary>
    public byte[] Hash => SHA256.HashData(Encoding.UTF8.GetBytes($"{Certificate}\0{Key}\0{Authorities}"));

    /// <exception cref="IOException">One of them cannot be read.</exception>
    /// <exception cref="CryptographicException">One of them is no certificate.</exception>
    public static CertificateFiles Read(ReceiverTls tls)
    {
        var (certificate, key) = Newest(tls);
        return new(certificate, key, tls.ClientCaPath is { } path ? RegularFile.ReadText(path) : null);
    }

    /// <exception cref="CryptographicException">They cannot be used.</exception>
    /// <exception cref="ArgumentException">They are not PEM.</exception>
    public LoadedCertificates Parse()
    {
        var server = X509Certificate2.CreateFromPem(Certificate, Key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(Certificate);
        var authorities = Authorities is null ? null : new X509Certificate2Collection();
        authorities?.ImportFromPem(Authorities);
        return authorities?.Count == 0 ? throw new CryptographicException("there is no certificate of an authority.")
            : new(SslStreamCertificateContext.Create(server, [.. chain.Skip(1)], offline: true), authorities,
                new DateTimeOffset(server.NotAfter));
    }

    static (string Certificate, string Key) Newest(ReceiverTls tls)
    {
        if (!Directory.Exists(tls.CertificatePath))
        {
            var key = tls.PrivateKeyPath ?? throw new IOException("there is no folder of that name, and privateKeyPath is not given.");
            return (RegularFile.ReadText(tls.CertificatePath), RegularFile.ReadText(key));
        }

        var found =
            from path in Directory.EnumerateFiles(tls.CertificatePath, "*.crt")
            let keyPath = Path.ChangeExtension(path, ".key")
            where File.Exists(keyPath)
            let text = RegularFile.ReadText(path)
            select (Expires: ExpiryOf(text), Certificate: text, Key: RegularFile.ReadText(keyPath));
        var newest = found.MaxBy(one => one.Expires);
        return newest.Certificate is null ? throw new IOException("it has no file NAME.crt with a NAME.key.")
            : (newest.Certificate, newest.Key);
    }

    static DateTime ExpiryOf(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return certificate.NotAfter;
    }
}
