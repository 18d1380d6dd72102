using System.Formats.Asn1;

namespace ClusterTrail.Archive.Sealing;

/// <summary>The context tags of RFC 5652 and RFC 5083 that an envelope uses, for writing and for reading.</summary>
static class EnvelopeTags
{
    internal static readonly Asn1Tag Explicit0 = new(TagClass.ContextSpecific, 0, isConstructed: true);
    internal static readonly Asn1Tag Explicit1 = new(TagClass.ContextSpecific, 1, isConstructed: true);
    internal static readonly Asn1Tag Explicit2 = new(TagClass.ContextSpecific, 2, isConstructed: true);

    /// <summary>KeyTransRecipientInfo.rid, as a subjectKeyIdentifier.</summary>
    internal static readonly Asn1Tag KeyTransKeyId = new(TagClass.ContextSpecific, 0);

    /// <summary>RecipientInfo, as a KeyAgreeRecipientInfo.</summary>
    internal static readonly Asn1Tag KeyAgree = Explicit1;

    /// <summary>OriginatorIdentifierOrKey, as an OriginatorPublicKey.</summary>
    internal static readonly Asn1Tag OriginatorKey = Explicit1;

    /// <summary>KeyAgreeRecipientIdentifier, as a RecipientKeyIdentifier.</summary>
    internal static readonly Asn1Tag RecipientKeyId = Explicit0;

    /// <summary>EncryptedContentInfo.encryptedContent.</summary>
    internal static readonly Asn1Tag EncryptedContent = new(TagClass.ContextSpecific, 0);
}
