using System.Formats.Asn1;
using System.Security.Cryptography;

namespace ClusterTrail.Archive.Sealing;

/// <summary>The content key's way from a secret that two EC keys agree on: RFC 5753, with the key wrap of RFC 5649.</summary>
static class KeyAgreement
{
    const int WrapKeyBytes = 32;

    internal static byte[] Wrap(ECDiffieHellman mine, ECDiffieHellmanPublicKey theirs, ReadOnlySpan<byte> contentKey)
    {
        using var aes = WrapKey(mine, theirs);
        return aes.EncryptKeyWrapPadded(contentKey);
    }

    /// <exception cref="CryptographicException">The wrapped key is not for this pair, or was changed.</exception>
    internal static byte[] Unwrap(ECDiffieHellman mine, ECDiffieHellmanPublicKey theirs, ReadOnlySpan<byte> wrappedKey)
    {
        using var aes = WrapKey(mine, theirs);
        return aes.DecryptKeyWrapPadded(wrappedKey);
    }

    /// <summary>The key wrap's AlgorithmIdentifier; its parameters are absent.</summary>
    internal static void WriteWrapAlgorithm(AsnWriter writer)
    {
        using (writer.PushSequence())
            writer.WriteObjectIdentifier(Oids.Aes256WrapPad);
    }

    static Aes WrapKey(ECDiffieHellman mine, ECDiffieHellmanPublicKey theirs)
    {
        // X9.63's KDF is a chain of Hash(secret ‖ counter ‖ info); for 32 bytes of SHA-256 the first link is all of it.
        byte[] counterAndInfo = [0, 0, 0, 1, .. SharedInfo()];
        var key = mine.DeriveKeyFromHash(theirs, HashAlgorithmName.SHA256, secretPrepend: null, counterAndInfo);
        try
        {
            var aes = Aes.Create();
            aes.SetKey(key);
            return aes;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>ECC-CMS-SharedInfo (RFC 5753, section 7.2): which wrap, and how many bits of key it takes.</summary>
    static byte[] SharedInfo()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteWrapAlgorithm(writer);
            using (writer.PushSequence(EnvelopeTags.Explicit2))
                writer.WriteOctetString([0, 0, WrapKeyBytes * 8 >> 8, WrapKeyBytes * 8 & 0xff]);
        }
        return writer.Encode();
    }
}
