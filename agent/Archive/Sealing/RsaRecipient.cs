using System.Formats.Asn1;
using System.Security.Cryptography;

namespace ClusterTrail.Archive.Sealing;

/// <summary>A recipient by KeyTransRecipientInfo (RFC 5652, section 6.2.1) with RSAES-OAEP over SHA-256 (RFC 3560).</summary>
sealed class RsaRecipient(byte[] publicKey, byte[] keyId) : Recipient(publicKey, keyId)
{
    /// <summary>The AlgorithmIdentifier, encoded.</summary>
    internal static ReadOnlyMemory<byte> OaepSha256 { get; } = EncodeOaepSha256();

    internal override void WriteInfo(AsnWriter writer, ReadOnlySpan<byte> contentKey)
    {
        using (writer.PushSequence())
        {
            writer.WriteInteger(2);
            writer.WriteOctetString(KeyId.Span, EnvelopeTags.KeyTransKeyId);
            writer.WriteEncodedValue(OaepSha256.Span);
            writer.WriteOctetString(Encrypt(contentKey));
        }
    }

    byte[] Encrypt(ReadOnlySpan<byte> contentKey)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(PublicKey, out _);
        return rsa.Encrypt(contentKey, RSAEncryptionPadding.OaepSHA256);
    }

    /// <summary>RSAES-OAEP-params of RFC 4055, section 4.1: SHA-256 for the label and for MGF1; an empty label is the default.</summary>
    static byte[] EncodeOaepSha256()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.RsaesOaep);
            using (writer.PushSequence())
            {
                using (writer.PushSequence(EnvelopeTags.Explicit0))
                    WriteSha256(writer);
                using (writer.PushSequence(EnvelopeTags.Explicit1))
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Oids.Mgf1);
                    WriteSha256(writer);
                }
            }
        }
        return writer.Encode();
    }

    static void WriteSha256(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.Sha256);
            writer.WriteNull();
        }
    }
}
