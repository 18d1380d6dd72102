using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterTrail.Archive.Sealing;

/// <summary>Which keys may open an envelope.</summary>
static class KeyRules
{
    const string Allowed = "RSA of 2048 bits or more, EC P-256 or EC P-384";
    const int MinRsaBits = 2048;

    /// <summary>The key type's object identifier, of a SubjectPublicKeyInfo; what is not allowed is refused.</summary>
    internal static string Check(byte[] subjectPublicKeyInfo)
    {
        var type = TypeOf(subjectPublicKeyInfo);
        switch (type)
        {
            case Oids.Rsa:
                CheckRsa(subjectPublicKeyInfo);
                return type;
            case Oids.EcPublicKey:
                CheckEc(subjectPublicKeyInfo);
                return type;
            default:
                throw RefusedType(type);
        }
    }

    /// <summary>RFC 5280, section 4.2.1.2, method 1: the SHA-1 of the public key's bits.</summary>
    internal static byte[] KeyIdOf(byte[] subjectPublicKeyInfo)
    {
        var key = PublicKey.CreateFromSubjectPublicKeyInfo(subjectPublicKeyInfo, out _);
        return new X509SubjectKeyIdentifierExtension(key, critical: false).SubjectKeyIdentifierBytes.ToArray();
    }

    /// <summary>The key type's object identifier, of a PKCS#8 private key.</summary>
    internal static string TypeOfPkcs8(byte[] privateKey)
    {
        var info = new AsnReader(privateKey, AsnEncodingRules.DER).ReadSequence();
        info.ReadInteger();
        return info.ReadSequence().ReadObjectIdentifier();
    }

    internal static KeyRefusedException RefusedType(string type) => Refused($"a key of type {NameOf(type)}");

    static KeyRefusedException Refused(string what) => new($"This is {what}; allowed are {Allowed}.");

    static void CheckRsa(byte[] subjectPublicKeyInfo)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(subjectPublicKeyInfo, out _);
        if (rsa.KeySize < MinRsaBits)
            throw Refused($"an RSA key of {rsa.KeySize} bits");
    }

    static void CheckEc(byte[] subjectPublicKeyInfo)
    {
        using var ec = ECDiffieHellman.Create();
        ec.ImportSubjectPublicKeyInfo(subjectPublicKeyInfo, out _);
        var curve = ec.ExportParameters(includePrivateParameters: false).Curve;
        if (!curve.IsNamed)
            throw Refused("an EC key on a curve without a name");
        if (curve.Oid.Value is not (Oids.P256 or Oids.P384))
            throw Refused($"an EC key on {NameOf(curve.Oid.Value ?? curve.Oid.FriendlyName!)}");
    }

    static string TypeOf(byte[] subjectPublicKeyInfo)
    {
        var info = new AsnReader(subjectPublicKeyInfo, AsnEncodingRules.DER).ReadSequence();
        return info.ReadSequence().ReadObjectIdentifier();
    }

    static string NameOf(string oid) => oid switch
    {
        "1.3.132.0.35" => "P-521",
        "1.3.132.0.10" => "secp256k1",
        "1.3.101.110" => "X25519",
        "1.3.101.112" => "Ed25519",
        "1.2.840.113549.1.1.10" => "RSASSA-PSS",
        "1.2.840.10040.4.1" => "DSA",
        _ => oid,
    };
}
