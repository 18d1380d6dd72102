using System.Security.Cryptography;

namespace ClusterTrail.Archive.Sealing;

/// <summary>A private key that opens the envelopes sealed for its public key. For one thread at a time.</summary>
public abstract class RecipientKey : IDisposable
{
    const string Allowed = "one private key in PEM, not encrypted";

    internal RecipientKey(AsymmetricAlgorithm key) => KeyId = KeyRules.KeyIdOf(key.ExportSubjectPublicKeyInfo());

    /// <summary>The subject key identifier of the public key.</summary>
    public ReadOnlyMemory<byte> KeyId { get; }

    /// <summary>Reads PKCS#8, SEC1 (EC) or PKCS#1 (RSA).</summary>
    /// <exception cref="KeyRefusedException">It is not one unencrypted private key of an allowed kind.</exception>
    public static RecipientKey FromPem(string pem)
    {
        // PKCS#1's own way to encrypt writes headers that are not PEM by RFC 7468, so nothing would be found.
        if (pem.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
            throw Encrypted();

        var key = PemKey.Single(pem, Allowed);
        return key.Label switch
        {
            "PRIVATE KEY" => key.Import(FromPkcs8, Allowed),
            "EC PRIVATE KEY" => key.Import(der => FromEc(ec => ec.ImportECPrivateKey(der, out _)), Allowed),
            "RSA PRIVATE KEY" => key.Import(der => FromRsa(rsa => rsa.ImportRSAPrivateKey(der, out _)), Allowed),
            "ENCRYPTED PRIVATE KEY" => throw Encrypted(),
            "PUBLIC KEY" or "CERTIFICATE" =>
                throw new KeyRefusedException("This is a public key, which cannot open anything; give its private key."),
            _ => throw new KeyRefusedException($"This is a {key.Label}; give {Allowed}."),
        };
    }

    /// <summary>An RSA key whose private half may be elsewhere: it decrypts RSAES-OAEP with SHA-256.</summary>
    /// <exception cref="KeyRefusedException">It is not of an allowed kind.</exception>
    public static RecipientKey OfRsa(RSA rsa)
    {
        KeyRules.Check(rsa.ExportSubjectPublicKeyInfo());
        return new RsaRecipientKey(rsa);
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    /// <summary>Whether the content key was wrapped in the way that this kind of key unwraps.</summary>
    internal abstract bool Fits(RecipientInfo recipient);

    /// <exception cref="CryptographicException">It was wrapped for another key, or changed.</exception>
    internal abstract byte[] Unwrap(RecipientInfo recipient);

    static RecipientKey FromPkcs8(byte[] der) => KeyRules.TypeOfPkcs8(der) switch
    {
        Oids.Rsa => FromRsa(rsa => rsa.ImportPkcs8PrivateKey(der, out _)),
        Oids.EcPublicKey => FromEc(ec => ec.ImportPkcs8PrivateKey(der, out _)),
        var type => throw KeyRules.RefusedType(type),
    };

    static RsaRecipientKey FromRsa(Action<RSA> import) => new(Checked(RSA.Create(), import));

    static EcRecipientKey FromEc(Action<ECDiffieHellman> import) => new(Checked(ECDiffieHellman.Create(), import));

    static T Checked<T>(T key, Action<T> import)
        where T : AsymmetricAlgorithm
    {
        import(key);
        KeyRules.Check(key.ExportSubjectPublicKeyInfo());
        return key;
    }

    static KeyRefusedException Encrypted() =>
        new("This private key is encrypted with a passphrase; decrypt it first, with openssl pkey -in encrypted.pem -out key.pem.");
}
