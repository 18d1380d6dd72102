using System.Security.Cryptography;
using ClusterTrail.Archive.Sealing;

namespace ClusterTrail.Archive.Digests;

/// <summary>A key that signs digests or key records: ECDSA on P-256, with SHA-256.</summary>
/// <remarks>One thread uses one.</remarks>
public sealed class SigningKey : IDisposable
{
    const string Allowed = "an EC private key on P-256 (PKCS#8)";

    readonly ECDsa? key;
    readonly Func<byte[], byte[]>? signHash;

    SigningKey(ECDsa key) => (this.key, Public) = (key, VerifyingKey.Of(key));

    SigningKey(VerifyingKey publicKey, Func<byte[], byte[]> signHash) => (Public, this.signHash) = (publicKey, signHash);

    public VerifyingKey Public { get; }

    public static SigningKey Generate() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>A key that never is in this process.</summary>
    /// <param name="signHash">From a SHA-256 to an ECDSA-Sig-Value in DER; throws a <see cref="KeyUnavailableException"/>.</param>
    public static SigningKey Elsewhere(VerifyingKey publicKey, Func<byte[], byte[]> signHash) => new(publicKey, signHash);

    /// <exception cref="KeyRefusedException">It is no such key.</exception>
    public static SigningKey FromPem(string pem)
    {
        var found = PemKey.Single(pem, Allowed);
        return found.Label == "PRIVATE KEY"
            ? found.Import(FromPkcs8, Allowed)
            : throw new KeyRefusedException($"This is a {found.Label}; give {Allowed}.");
    }

    /// <summary>The private key, PKCS#8.</summary>
    /// <exception cref="InvalidOperationException">It is elsewhere.</exception>
    public string ToPem() => key is null
        ? throw new InvalidOperationException("The key is elsewhere.")
        : key.ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>An ECDSA-Sig-Value in DER.</summary>
    /// <exception cref="KeyUnavailableException">The key is elsewhere, and does not sign now.</exception>
    public byte[] Sign(ReadOnlySpan<byte> bytes)
    {
        if (key is not null)
        {
            return key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }

        // What nobody could verify must not get into a chain.
        var signature = signHash!(SHA256.HashData(bytes));
        return Public.Verify(bytes, signature)
            ? signature
            : throw new KeyUnavailableException($"What signs for the key {Public.Id} answered with the signature of another key.");
    }

    public void Dispose() => key?.Dispose();

    /// <summary>Never the private key.</summary>
    public override string ToString() => Public.Id;

    static SigningKey FromPkcs8(byte[] encoded)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(encoded, out _);
        var curve = key.ExportParameters(includePrivateParameters: false).Curve;
        if (curve.IsNamed && curve.Oid.Value == Oids.P256)
        {
            return new(key);
        }

        key.Dispose();
        throw new KeyRefusedException($"This is a key on another curve; give {Allowed}.");
    }
}
