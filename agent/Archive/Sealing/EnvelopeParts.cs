using System.Formats.Asn1;

namespace ClusterTrail.Archive.Sealing;

/// <summary>An envelope taken apart, nothing of it trusted yet.</summary>
sealed record EnvelopeParts(
    IReadOnlyList<RecipientInfo> Recipients, ReadOnlyMemory<byte> Nonce, ReadOnlyMemory<byte> Encrypted, ReadOnlyMemory<byte> Tag)
{
    // Each is tried, which takes a millisecond: a crafted envelope could have half a million.
    const int MostRecipients = 10_000;

    /// <exception cref="NotAnEnvelopeException">It is something else, or cut off.</exception>
    internal static EnvelopeParts Read(ReadOnlyMemory<byte> cms)
    {
        try
        {
            return ReadEnvelope(Unwrap(cms));
        }
        catch (AsnContentException e)
        {
            throw new NotAnEnvelopeException("it is not a CMS AuthEnvelopedData, or is truncated or damaged", e);
        }
    }

    static AsnReader Unwrap(ReadOnlyMemory<byte> cms)
    {
        var reader = new AsnReader(cms, AsnEncodingRules.DER);
        var contentInfo = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        if (contentInfo.ReadObjectIdentifier() != Oids.AuthEnvelopedData)
            throw new NotAnEnvelopeException("it is CMS, but not AuthEnvelopedData");
        return contentInfo.ReadSequence(EnvelopeTags.Explicit0).ReadSequence();
    }

    static EnvelopeParts ReadEnvelope(AsnReader envelope)
    {
        envelope.ReadInteger();
        var recipients = ReadRecipients(envelope.ReadSetOf());
        var content = envelope.ReadSequence();
        content.ReadObjectIdentifier();
        var nonce = ReadNonce(content.ReadSequence());
        var encrypted = RecipientInfo.Octets(content, EnvelopeTags.EncryptedContent);
        var tag = RecipientInfo.Octets(envelope);
        // Attributes, authenticated or not, are never written; unknown parts must not be skipped.
        envelope.ThrowIfNotEmpty();
        if (tag.Length != Envelope.TagBytes)
            throw OtherAlgorithm();
        return new(recipients, nonce, encrypted, tag);
    }

    static List<RecipientInfo> ReadRecipients(AsnReader set)
    {
        List<RecipientInfo> recipients = [];
        while (set.HasData)
        {
            if (recipients.Count == MostRecipients)
                throw new NotAnEnvelopeException($"it is for more than {MostRecipients} keys");
            if (RecipientInfo.Read(set.ReadEncodedValue()) is { } recipient)
                recipients.Add(recipient);
        }
        return recipients;
    }

    /// <summary>A shorter tag would be easier to forge, so no other length is taken.</summary>
    static ReadOnlyMemory<byte> ReadNonce(AsnReader algorithm)
    {
        if (algorithm.ReadObjectIdentifier() != Oids.Aes256Gcm)
            throw OtherAlgorithm();
        var parameters = algorithm.ReadSequence();
        var nonce = RecipientInfo.Octets(parameters);
        if (nonce.Length != Envelope.NonceBytes || !parameters.HasData || parameters.ReadInteger() != Envelope.TagBytes)
            throw OtherAlgorithm();
        return nonce;
    }

    static NotAnEnvelopeException OtherAlgorithm() =>
        new("it is not encrypted as ClusterTrail does it, by AES-256-GCM with a nonce of 12 and a tag of 16 bytes");
}
