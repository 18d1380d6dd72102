using Amazon.KeyManagementService;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Archive.Sealing;

namespace ClusterTrail.Kms;

/// <summary>Signs digests and key records by a key in KMS: ECDSA on P-256, with SHA-256.</summary>
public static class KmsSigner
{
    /// <summary>The key, ready to sign. Only its public half is here.</summary>
    /// <exception cref="KmsException">KMS does not give the public key, or it is another kind of key.</exception>
    public static SigningKey Open(KmsKey key) => Of(key, key.PublicKey(KeyUsageType.SIGN_VERIFY));

    /// <summary>The same without a thread that waits.</summary>
    /// <exception cref="KmsException">KMS does not give the public key, or it is another kind of key.</exception>
    public static async Task<SigningKey> OpenAsync(KmsKey key, CancellationToken cancellationToken) =>
        Of(key, await key.PublicKeyAsync(KeyUsageType.SIGN_VERIFY, cancellationToken));

    static SigningKey Of(KmsKey key, byte[] publicKey)
    {
        try
        {
            return SigningKey.Elsewhere(VerifyingKey.FromBase64(Convert.ToBase64String(publicKey)), key.Sign);
        }
        catch (KeyRefusedException e)
        {
            throw new KmsException("InvalidKeyUsageException", $"The {key} cannot sign digests: {e.Message}", e);
        }
    }
}
