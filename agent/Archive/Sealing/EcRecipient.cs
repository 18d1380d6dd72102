using System.Formats.Asn1;
using System.Security.Cryptography;

namespace ClusterTrail.Archive.Sealing;

/// <summary>A recipient by KeyAgreeRecipientInfo (RFC 5652, section 6.2.2): ECDH with a fresh key each time (RFC 5753).</summary>
sealed class EcRecipient(byte[] publicKey, byte[] keyId) : Recipient(publicKey, keyId)
{
    /// <summary>The AlgorithmIdentifier, encoded.</summary>
    internal static ReadOnlyMemory<byte> Algorithm { get; } = EncodeAlgorithm();

    internal override void WriteInfo(AsnWriter writer, ReadOnlySpan<byte> contentKey)
    {
        using var theirs = ECDiffieHellman.Create();
        theirs.ImportSubjectPublicKeyInfo(PublicKey, out _);
        using var ephemeral = ECDiffieHellman.Create(theirs.ExportParameters(includePrivateParameters: false).Curve);
        using var theirPublicKey = theirs.PublicKey;

        using (writer.PushSequence(EnvelopeTags.KeyAgree))
        {
            writer.WriteInteger(3);
            WriteOriginator(writer, ephemeral);
            writer.WriteEncodedValue(Algorithm.Span);
            WriteWrappedKey(writer, KeyAgreement.Wrap(ephemeral, theirPublicKey, contentKey));
        }
    }

    /// <summary>OriginatorPublicKey is a SubjectPublicKeyInfo under another tag.</summary>
    static void WriteOriginator(AsnWriter writer, ECDiffieHellman ephemeral)
    {
        var info = new AsnReader(ephemeral.ExportSubjectPublicKeyInfo(), AsnEncodingRules.DER).ReadSequence();
        using (writer.PushSequence(EnvelopeTags.Explicit0))
        using (writer.PushSequence(EnvelopeTags.OriginatorKey))
        {
            writer.WriteEncodedValue(info.ReadEncodedValue().Span);
            writer.WriteEncodedValue(info.ReadEncodedValue().Span);
        }
    }

    static byte[] EncodeAlgorithm()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.EcdhSha256Kdf);
            KeyAgreement.WriteWrapAlgorithm(writer);
        }
        return writer.Encode();
    }

    void WriteWrappedKey(AsnWriter writer, byte[] wrappedKey)
    {
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            using (writer.PushSequence(EnvelopeTags.RecipientKeyId))
                writer.WriteOctetString(KeyId.Span);
            writer.WriteOctetString(wrappedKey);
        }
    }
}
