using System.Formats.Asn1;
using System.Security.Cryptography;

namespace ClusterTrail.Archive.Sealing;

/// <summary>Seals bytes so that only the recipients can open them.</summary>
/// <remarks>
/// CMS AuthEnvelopedData (RFC 5083) with AES-256-GCM (RFC 5084); <c>openssl cms -decrypt -binary -inform DER -inkey key.pem</c> opens it.
/// Guarantees: a fresh content key and nonce each time; may be used by several threads at the same time.
/// Caveats: anyone who has the public keys can make an envelope. Who made it is for the signed digest to say.
/// </remarks>
public sealed class Envelope
{
    internal const int KeyBytes = 32;
    internal const int NonceBytes = 12;
    internal const int TagBytes = 16;
    const int BytesPerRecipient = 1024;

    readonly IReadOnlyList<Recipient> recipients;

    public Envelope(IReadOnlyList<Recipient> recipients)
    {
        if (recipients.Count == 0)
            throw new KeyRefusedException("An envelope needs at least one recipient, else nobody could open it.");
        this.recipients = recipients;
    }

    /// <summary>The DER ContentInfo around the encrypted bytes.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plain)
    {
        var contentKey = RandomNumberGenerator.GetBytes(KeyBytes);
        try
        {
            return Write(contentKey, plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(contentKey);
        }
    }

    byte[] Write(byte[] contentKey, ReadOnlySpan<byte> plain)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER, plain.Length + BytesPerRecipient * (recipients.Count + 1));
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.AuthEnvelopedData);
            using (writer.PushSequence(EnvelopeTags.Explicit0))
            using (writer.PushSequence())
            {
                writer.WriteInteger(0);
                WriteRecipients(writer, contentKey);
                WriteContent(writer, contentKey, plain);
            }
        }
        return writer.Encode();
    }

    void WriteRecipients(AsnWriter writer, byte[] contentKey)
    {
        using (writer.PushSetOf())
        {
            foreach (var recipient in recipients)
                recipient.WriteInfo(writer, contentKey);
        }
    }

    /// <summary>The EncryptedContentInfo and the tag.</summary>
    /// <remarks>Content of type id-data needs no authenticated attributes: RFC 5083, section 2.1.</remarks>
    static void WriteContent(AsnWriter writer, byte[] contentKey, ReadOnlySpan<byte> plain)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var tag = new byte[TagBytes];
        var encrypted = new byte[plain.Length];
        using var aes = new AesGcm(contentKey, TagBytes);
        aes.Encrypt(nonce, plain, encrypted, tag);

        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.Data);
            WriteGcm(writer, nonce);
            writer.WriteOctetString(encrypted, EnvelopeTags.EncryptedContent);
        }
        writer.WriteOctetString(tag);
    }

    /// <summary>GCMParameters (RFC 5084, section 3.2). The tag's length is written out: its default is 12.</summary>
    static void WriteGcm(AsnWriter writer, byte[] nonce)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.Aes256Gcm);
            using (writer.PushSequence())
            {
                writer.WriteOctetString(nonce);
                writer.WriteInteger(TagBytes);
            }
        }
    }
}
