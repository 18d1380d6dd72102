using System.Text;
using System.Text.Json;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Archive.Sealing;

namespace ClusterTrail.Verification.Chains;

/// <summary>Who signed a digest, before it is taken apart, which takes many times its size.</summary>
/// <remarks>Guarantee: it takes no memory for what stands in the digest besides its key.</remarks>
static class DigestSignature
{
    /// <summary>More than any agent writes, and few enough to be taken apart.</summary>
    public const int MostValues = 500_000;

    /// <summary>As many as the longest text that an agent writes has at most.</summary>
    const int MostValueBytes = 64 << 10;

    /// <summary>What is smaller may be taken apart to say what is wrong with it.</summary>
    const int MostUnsignedBytes = 1 << 20;

    const byte Lf = (byte)'\n';
    const int DeepestNesting = 16;

    /// <summary>The key that the digest names, and whether it signed it; null if it names none and is small.</summary>
    /// <exception cref="DigestException">It is no digest, and large.</exception>
    public static (VerifyingKey Key, bool IsSigned)? Of(ReadOnlySpan<byte> bytes)
    {
        var first = bytes.IndexOf(Lf) + 1;
        var signature = Signature(bytes[first..]);
        var key = first == 0 || signature is null ? null : KeyOf(bytes[..(first - 1)]);
        if (key is not null)
            return (key, key.Verify(bytes[..first], signature));
        return bytes.Length <= MostUnsignedBytes
            ? null
            : throw new DigestException(
                DigestFault.Malformed, $"It has {bytes.Length} bytes, and neither a key nor a signature as a digest has.");
    }

    static byte[]? Signature(ReadOnlySpan<byte> second)
    {
        const int MostCharacters = 1024;
        if (second.Length is 0 or > MostCharacters)
            return null;
        try
        {
            return Convert.FromBase64String(Encoding.ASCII.GetString(second));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    static VerifyingKey? KeyOf(ReadOnlySpan<byte> json)
    {
        try
        {
            return PublicKey(json) is { } text ? VerifyingKey.FromBase64(text) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyRefusedException)
        {
            return null;
        }
    }

    // All of it is read, so that what is no JSON, or has too many values, is refused here.
    static string? PublicKey(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DeepestNesting });
        string? key = null;
        for (var values = 0; reader.Read(); values += reader.TokenType == JsonTokenType.PropertyName ? 0 : 1)
        {
            if (values == MostValues || reader.ValueSpan.Length > MostValueBytes)
                throw new DigestException(
                    DigestFault.Malformed, $"It has more than {MostValues} values, or one of more than {MostValueBytes} bytes.");
            var isKey = key is null && reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName
                && reader.ValueTextEquals("publicKey"u8) && reader.Read();
            if (isKey && reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= MostValueBytes)
                key = reader.GetString();
        }

        return key;
    }
}
