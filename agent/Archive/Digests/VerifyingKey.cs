using System.Formats.Asn1;
using System.Security.Cryptography;
using ClusterTrail.Archive.Sealing;

namespace ClusterTrail.Archive.Digests;

/// <summary>The public half of a key that signs digests or key records: ECDSA on P-256, with SHA-256.</summary>
/// <remarks>Several threads may use one.</remarks>
public sealed record VerifyingKey
{
    const string Allowed = "an EC public key on P-256 (SubjectPublicKeyInfo)";
    const string Label = "PUBLIC KEY";

    readonly ECParameters parameters;
    readonly byte[] encoded;

    VerifyingKey(ECParameters parameters, byte[] encoded)
    {
        (this.parameters, this.encoded) = (parameters, encoded);
        Id = Convert.ToHexStringLower(SHA256.HashData(encoded));
    }

    /// <summary>What the key is called: the SHA-256 of its SubjectPublicKeyInfo in DER, 64 hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>The SubjectPublicKeyInfo in DER, in base64.</summary>
    public string Base64 => Convert.ToBase64String(encoded);

    /// <summary>The same as PEM, for openssl.</summary>
    public string Pem => PemEncoding.WriteString(Label, encoded) + "\n";

    /// <exception cref="KeyRefusedException">It is no such key.</exception>
    public static VerifyingKey FromPem(string pem)
    {
        var key = PemKey.Single(pem, Allowed);
        return key.Label == Label
            ? key.Import(FromSubjectPublicKeyInfo, Allowed)
            : throw new KeyRefusedException($"This is a {key.Label}; give {Allowed}.");
    }

    /// <exception cref="KeyRefusedException">It is no such key.</exception>
    public static VerifyingKey FromBase64(string base64)
    {
        try
        {
            return FromSubjectPublicKeyInfo(Convert.FromBase64String(base64));
        }
        catch (Exception e) when (e is FormatException or CryptographicException or AsnContentException or PlatformNotSupportedException)
        {
            throw new KeyRefusedException($"This cannot be read as a key; give {Allowed} in base64.", e);
        }
    }

    /// <summary>Whether the key's owner signed this.</summary>
    /// <param name="signature">An ECDSA-Sig-Value in DER.</param>
    public bool Verify(ReadOnlySpan<byte> signedBytes, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create(parameters);
        return key.VerifyData(signedBytes, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    public bool Equals(VerifyingKey? other) => other?.Id == Id;

    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Id;

    internal static VerifyingKey Of(ECDsa key) =>
        new(key.ExportParameters(includePrivateParameters: false), key.ExportSubjectPublicKeyInfo());

    // One key has one encoding, and so one name: compressed points and spelled out curves are refused.
    static VerifyingKey FromSubjectPublicKeyInfo(byte[] encoded)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(encoded, out var read);
        var curve = key.ExportParameters(includePrivateParameters: false).Curve;
        return curve.IsNamed && curve.Oid.Value == Oids.P256 && read == encoded.Length
            && encoded.AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo())
                ? Of(key)
                : throw new KeyRefusedException($"This is another kind of key, or another encoding of one; give {Allowed}.");
    }
}
