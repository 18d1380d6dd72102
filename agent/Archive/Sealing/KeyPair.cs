using System.Security.Cryptography;

namespace ClusterTrail.Archive.Sealing;

/// <summary>A new recipient: what to keep secret, and what to give to the agents.</summary>
/// <param name="PrivatePem">PKCS#8.</param>
/// <param name="PublicPem">SubjectPublicKeyInfo.</param>
public sealed record KeyPair(string PrivatePem, string PublicPem)
{
    public static KeyPair GenerateP256()
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return new(key.ExportPkcs8PrivateKeyPem() + "\n", key.ExportSubjectPublicKeyInfoPem() + "\n");
    }

    /// <summary>Never the private key.</summary>
    public override string ToString() => PublicPem;
}
