using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace ClusterTrail.Archive.Sealing;

/// <summary>A public key that an envelope is sealed for.</summary>
/// <remarks>
/// Caveats: a certificate only carries the key. Its validity, issuer and usages are not looked at: whoever names a recipient decides.
/// </remarks>
public abstract class Recipient
{
    const string Allowed = "one PUBLIC KEY or CERTIFICATE in PEM";

    internal Recipient(byte[] publicKey, byte[] keyId) => (PublicKey, KeyId) = (publicKey, keyId);

    /// <summary>The subject key identifier that an envelope names this recipient by.</summary>
    public ReadOnlyMemory<byte> KeyId { get; }

    /// <summary>The DER SubjectPublicKeyInfo.</summary>
    internal byte[] PublicKey { get; }

    /// <exception cref="KeyRefusedException">It is not one public key or certificate of an allowed kind.</exception>
    public static Recipient FromPem(string pem)
    {
        var key = PemKey.Single(pem, Allowed);
        return key.Label switch
        {
            "PUBLIC KEY" => key.Import(FromPublicKey, Allowed),
            "CERTIFICATE" => key.Import(FromCertificate, Allowed),
            _ when key.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal) =>
                throw new KeyRefusedException("This is a private key, which must not be on the node; give its public key."),
            _ => throw new KeyRefusedException($"This is a {key.Label}; give {Allowed}."),
        };
    }

    /// <summary>Writes a RecipientInfo (RFC 5652, section 6.2) that gives this recipient the content key.</summary>
    internal abstract void WriteInfo(AsnWriter writer, ReadOnlySpan<byte> contentKey);

    static Recipient FromPublicKey(byte[] publicKey) => Of(publicKey, KeyRules.KeyIdOf(publicKey));

    static Recipient FromCertificate(byte[] der)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(der);
        var publicKey = certificate.PublicKey.ExportSubjectPublicKeyInfo();
        var own = certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault();
        return Of(publicKey, own?.SubjectKeyIdentifierBytes.ToArray() ?? KeyRules.KeyIdOf(publicKey));
    }

    static Recipient Of(byte[] publicKey, byte[] keyId) => KeyRules.Check(publicKey) == Oids.Rsa
        ? new RsaRecipient(publicKey, keyId)
        : new EcRecipient(publicKey, keyId);
}
