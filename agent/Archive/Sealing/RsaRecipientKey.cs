using System.Security.Cryptography;

namespace ClusterTrail.Archive.Sealing;

/// <summary>The private side of <see cref="RsaRecipient"/>.</summary>
sealed class RsaRecipientKey(RSA rsa) : RecipientKey(rsa)
{
    internal override bool Fits(RecipientInfo recipient) => recipient is KeyTransInfo;

    internal override byte[] Unwrap(RecipientInfo recipient) => rsa.Decrypt(recipient.WrappedKey.Span, RSAEncryptionPadding.OaepSHA256);

    protected override void Dispose(bool disposing) => rsa.Dispose();
}
