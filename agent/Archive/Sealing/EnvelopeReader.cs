using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ClusterTrail.Archive.Sealing;

/// <summary>Opens what <see cref="Envelope"/> sealed.</summary>
/// <remarks>Guarantees: no byte is given out before the tag over all of them held.</remarks>
public static class EnvelopeReader
{
    const int MostShownIdBytes = 32;

    /// <exception cref="NotAnEnvelopeException">It is not an envelope, or is cut off.</exception>
    /// <exception cref="NotForThisKeyException">It is sealed for other keys.</exception>
    /// <exception cref="TamperedException">It was changed.</exception>
    public static byte[] Open(ReadOnlyMemory<byte> cms, RecipientKey key) => OpenInPlace(cms.ToArray(), key).ToArray();

    /// <summary>
    /// The same, and what was encrypted is overwritten by what it contains: a large envelope does not take twice its size.
    /// </summary>
    public static ReadOnlyMemory<byte> OpenInPlace(Memory<byte> cms, RecipientKey key)
    {
        var parts = EnvelopeParts.Read(cms);
        var contentKey = ContentKey(parts, key);
        try
        {
            return Decrypt(parts, contentKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(contentKey);
        }
    }

    /// <summary>
    /// The recipient that names this key, else any that fits: a certificate may bring a key id of its own, which a private key cannot know.
    /// </summary>
    static byte[] ContentKey(EnvelopeParts parts, RecipientKey key)
    {
        var fitting = parts.Recipients.Where(key.Fits).ToList();
        var named = fitting.Where(recipient => recipient.KeyId.Span.SequenceEqual(key.KeyId.Span)).ToList();
        Exception? lastFailure = null;
        foreach (var recipient in named.Count > 0 ? named : fitting)
        {
            if (TryUnwrap(key, recipient, out var contentKey, out lastFailure))
                return contentKey;
        }

        throw named.Count > 0
            ? new TamperedException(lastFailure!)
            : new NotForThisKeyException([.. parts.Recipients.Select(recipient => Hex(recipient.KeyId))], Hex(key.KeyId));
    }

    static bool TryUnwrap(RecipientKey key, RecipientInfo recipient, out byte[] contentKey, out Exception? failure)
    {
        (contentKey, failure) = ([], null);
        try
        {
            contentKey = key.Unwrap(recipient);
            if (contentKey.Length != Envelope.KeyBytes)
                throw new CryptographicException("The content key is not one of AES-256.");
            return true;
        }
        catch (CryptographicException e)
        {
            failure = e;
            return false;
        }
    }

    // If the tag does not hold, the platform clears what it wrote.
    static ReadOnlyMemory<byte> Decrypt(EnvelopeParts parts, byte[] contentKey)
    {
        var inPlace = MemoryMarshal.AsMemory(parts.Encrypted);
        using var aes = new AesGcm(contentKey, Envelope.TagBytes);
        try
        {
            aes.Decrypt(parts.Nonce.Span, inPlace.Span, parts.Tag.Span, inPlace.Span);
            return inPlace;
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new TamperedException(e);
        }
    }

    // Whoever made the envelope chose the ids of its recipients, and their length.
    static string Hex(ReadOnlyMemory<byte> keyId) => Convert.ToHexStringLower(keyId.Span[..Math.Min(keyId.Length, MostShownIdBytes)]);
}
