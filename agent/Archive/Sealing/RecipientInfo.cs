using System.Formats.Asn1;

namespace ClusterTrail.Archive.Sealing;

/// <summary>The content key, wrapped for one recipient.</summary>
abstract record RecipientInfo(ReadOnlyMemory<byte> KeyId, ReadOnlyMemory<byte> WrappedKey)
{
    /// <summary>Reads one RecipientInfo; null where it is of a kind that ClusterTrail does not write.</summary>
    internal static RecipientInfo? Read(ReadOnlyMemory<byte> encoded)
    {
        var reader = new AsnReader(encoded, AsnEncodingRules.DER);
        var tag = reader.PeekTag();
        if (tag == Asn1Tag.Sequence)
            return KeyTransInfo.Read(reader.ReadSequence());
        return tag == EnvelopeTags.KeyAgree ? KeyAgreeInfo.Read(reader.ReadSequence(EnvelopeTags.KeyAgree)) : null;
    }

    /// <summary>Reads primitive bytes; DER allows no other form, so this never copies.</summary>
    internal static ReadOnlyMemory<byte> Octets(AsnReader reader, Asn1Tag? tag = null) =>
        reader.TryReadPrimitiveOctetString(out var octets, tag)
            ? octets
            : throw new AsnContentException("An octet string is not in its primitive form.");
}

/// <summary>Wrapped by RSAES-OAEP over SHA-256.</summary>
sealed record KeyTransInfo(ReadOnlyMemory<byte> KeyId, ReadOnlyMemory<byte> WrappedKey) : RecipientInfo(KeyId, WrappedKey)
{
    internal static KeyTransInfo? Read(AsnReader info)
    {
        info.ReadInteger();
        var byKeyId = info.PeekTag().HasSameClassAndValue(EnvelopeTags.KeyTransKeyId);
        var keyId = byKeyId ? Octets(info, EnvelopeTags.KeyTransKeyId) : SkipIssuerAndSerial(info);
        if (!info.ReadEncodedValue().Span.SequenceEqual(RsaRecipient.OaepSha256.Span))
            return null;
        return new(keyId, Octets(info));
    }

    static ReadOnlyMemory<byte> SkipIssuerAndSerial(AsnReader info)
    {
        info.ReadEncodedValue();
        return default;
    }
}

/// <summary>Wrapped under a secret agreed with the originator's fresh key.</summary>
/// <param name="KeyId">The recipient's key.</param>
/// <param name="WrappedKey">By RFC 5649.</param>
/// <param name="OriginatorPoint">The originator's public point, uncompressed.</param>
sealed record KeyAgreeInfo(ReadOnlyMemory<byte> KeyId, ReadOnlyMemory<byte> WrappedKey, ReadOnlyMemory<byte> OriginatorPoint)
    : RecipientInfo(KeyId, WrappedKey)
{
    internal static KeyAgreeInfo? Read(AsnReader info)
    {
        info.ReadInteger();
        var originator = info.ReadSequence(EnvelopeTags.Explicit0);
        if (originator.PeekTag() != EnvelopeTags.OriginatorKey || Point(originator) is not { } point)
            return null;
        if (!info.ReadEncodedValue().Span.SequenceEqual(EcRecipient.Algorithm.Span))
            return null;

        var key = info.ReadSequence().ReadSequence();
        if (key.PeekTag() != EnvelopeTags.RecipientKeyId)
            return null;
        return new(Octets(key.ReadSequence(EnvelopeTags.RecipientKeyId)), Octets(key), point);
    }

    static ReadOnlyMemory<byte>? Point(AsnReader originator)
    {
        var key = originator.ReadSequence(EnvelopeTags.OriginatorKey);
        key.ReadEncodedValue();
        return key.TryReadPrimitiveBitString(out var unused, out var point) && unused == 0 ? point : null;
    }
}
