using System.Security.Cryptography;

namespace ClusterTrail.Archive.Sealing;

/// <summary>The private side of <see cref="EcRecipient"/>.</summary>
sealed class EcRecipientKey(ECDiffieHellman mine) : RecipientKey(mine)
{
    const byte Uncompressed = 4;

    internal override bool Fits(RecipientInfo recipient) => recipient is KeyAgreeInfo;

    internal override byte[] Unwrap(RecipientInfo recipient)
    {
        // On this key's own curve, whatever the envelope says: a point that is not on it is refused by the import.
        var point = Point(((KeyAgreeInfo)recipient).OriginatorPoint.Span);
        using var theirs = ECDiffieHellman.Create(new ECParameters { Curve = Curve, Q = point });
        using var theirPublicKey = theirs.PublicKey;
        return KeyAgreement.Unwrap(mine, theirPublicKey, recipient.WrappedKey.Span);
    }

    protected override void Dispose(bool disposing) => mine.Dispose();

    ECCurve Curve => mine.ExportParameters(includePrivateParameters: false).Curve;

    ECPoint Point(ReadOnlySpan<byte> encoded)
    {
        var bytes = (mine.KeySize + 7) / 8;
        if (encoded.Length != 1 + 2 * bytes || encoded[0] != Uncompressed)
            throw new CryptographicException("The originator's key is not a point on this key's curve.");
        return new() { X = encoded[1..(1 + bytes)].ToArray(), Y = encoded[(1 + bytes)..].ToArray() };
    }
}
