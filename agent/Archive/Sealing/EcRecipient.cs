using System.Formats.Asn1;
using System.Security.Cryptography;

namespace ClusterTrail.Archive.Sealing;

/// <summary>A recipient by KeyAgreeRecipientInfo (RFC 5652, section 6.2.2): ECDH with a fresh key each time (RFC 5753).</summary>
/// <remarks>
/// The recipient's key is imported once: that proves that it is a point of the curve, which takes as long as the agreement.
/// </remarks>
sealed class EcRecipient : Recipient
{
    readonly Lock gate = new();
    readonly ECDiffieHellmanPublicKey theirs;
    readonly ECCurve curve;

    internal EcRecipient(byte[] publicKey, byte[] keyId) : base(publicKey, keyId)
    {
        using var imported = ECDiffieHellman.Create();
        imported.ImportSubjectPublicKeyInfo(publicKey, out _);
        theirs = imported.PublicKey;
        curve = imported.ExportParameters(includePrivateParameters: false).Curve;
    }

    /// <summary>The AlgorithmIdentifier, encoded.</summary>
    internal static ReadOnlyMemory<byte> Algorithm { get; } = EncodeAlgorithm();

    internal override void WriteInfo(AsnWriter writer, ReadOnlySpan<byte> contentKey)
    {
        using var ephemeral = ECDiffieHellman.Create(curve);
        using (writer.PushSequence(EnvelopeTags.KeyAgree))
        {
            writer.WriteInteger(3);
            WriteOriginator(writer, ephemeral);
            writer.WriteEncodedValue(Algorithm.Span);
            lock (gate)
            {
                WriteWrappedKey(writer, KeyAgreement.Wrap(ephemeral, theirs, contentKey));
            }
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
