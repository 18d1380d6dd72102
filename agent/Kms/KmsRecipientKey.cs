using System.Security.Cryptography;
using Amazon.KeyManagementService;
using ClusterTrail.Archive.Sealing;

namespace ClusterTrail.Kms;

/// <summary>Opens what was sealed for an RSA key in KMS: the content key goes to KMS, and never the content.</summary>
public static class KmsRecipientKey
{
    /// <exception cref="KmsException">KMS does not give the public key.</exception>
    /// <exception cref="KeyRefusedException">It is no key that a recipient may have.</exception>
    public static RecipientKey Open(KmsKey key) => RecipientKey.OfRsa(new KmsRsa(key, key.PublicKey(KeyUsageType.ENCRYPT_DECRYPT)));

    const int BitsOfByte = 8;

    // Whatever the platform or our reader does with an RSA key, but for its private half.
    sealed class KmsRsa : RSA
    {
        readonly KmsKey key;
        readonly RSA publicKey = Create();

        public KmsRsa(KmsKey key, byte[] encoded)
        {
            this.key = key;
            publicKey.ImportSubjectPublicKeyInfo(encoded, out _);
            KeySizeValue = publicKey.KeySize;
        }

        public override byte[] Decrypt(byte[] data, RSAEncryptionPadding padding)
        {
            if (padding != RSAEncryptionPadding.OaepSHA256)
                throw new CryptographicException($"The {key} opens RSAES-OAEP with SHA-256 only.");
            // No key has opened another length, and each question costs.
            var length = KeySize / BitsOfByte;
            if (data.Length != length)
                throw new CryptographicException($"What was encrypted for the {key} has {data.Length} bytes, and must have {length}.");
            try
            {
                return key.Decrypt(data);
            }
            catch (KmsException e) when (KmsFailure.IsOfContent(e.Code))
            {
                throw new CryptographicException(e.Message, e);
            }
        }

        public override RSAParameters ExportParameters(bool includePrivateParameters) => includePrivateParameters
            ? throw new CryptographicException($"The {key} does not leave KMS.")
            : publicKey.ExportParameters(includePrivateParameters: false);

        public override void ImportParameters(RSAParameters parameters) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                publicKey.Dispose();
            base.Dispose(disposing);
        }
    }
}
