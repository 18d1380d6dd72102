using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>Canonical JSON on the first line, and on the second the base64 of a signature over the first, with its LF.</summary>
public sealed class SignedObject
{
    /// <summary>How large one may be that is read.</summary>
    public const int MostBytes = 16 * 1024 * 1024;

    const byte Lf = (byte)'\n';

    readonly byte[] bytes;
    readonly int signedBytes;
    readonly byte[] signature;

    SignedObject(byte[] bytes, int signedBytes, JsonObject content, byte[] signature)
    {
        (this.bytes, this.signedBytes, this.signature, Content) = (bytes, signedBytes, signature, content);
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    /// <summary>The object as it is stored.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>What is signed: the first line and its LF.</summary>
    public ReadOnlyMemory<byte> SignedBytes => bytes.AsMemory(0, signedBytes);

    public JsonObject Content { get; }

    /// <summary>The SHA-256 of the stored bytes, 64 hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>The first digits of it, which the object's name has.</summary>
    public string Hash => Sha256[..BatchName.HashDigits];

    /// <summary>What is to be signed of this content.</summary>
    public static byte[] ToSign(JsonObject content) => [.. CanonicalJson.Write(content), Lf];

    public static SignedObject Sign(JsonObject content, SigningKey key) => Of(content, key.Sign(ToSign(content)));

    /// <summary>Puts a signature under a content.</summary>
    /// <param name="signature">An ECDSA-Sig-Value in DER, over <see cref="ToSign"/>.</param>
    public static SignedObject Of(JsonObject content, byte[] signature)
    {
        var first = ToSign(content);
        return new([.. first, .. Encoding.ASCII.GetBytes(Convert.ToBase64String(signature)), Lf], first.Length, content, signature);
    }

    /// <exception cref="DigestException">It is not such an object.</exception>
    public static SignedObject Read(byte[] bytes)
    {
        if (bytes.Length > MostBytes)
        {
            throw new DigestException(DigestFault.Malformed, $"It has {bytes.Length} bytes; at most {MostBytes} are allowed.");
        }

        var first = bytes.AsSpan().IndexOf(Lf) + 1;
        var second = bytes.AsSpan(first).IndexOf(Lf) + 1;
        if (first == 0 || second == 0)
        {
            throw new DigestException(DigestFault.Malformed, "It is not two lines, each ended by a LF.");
        }

        if (first + second < bytes.Length)
        {
            throw new DigestException(
                DigestFault.TrailingBytes, $"{bytes.Length - first - second} bytes stand after its second line, and nobody signed them.");
        }

        return new(bytes, first, CanonicalJson.Parse(bytes.AsSpan(0, first - 1)), ReadSignature(bytes.AsSpan(first, second - 1)));
    }

    /// <summary>Whether the key's owner signed it.</summary>
    public bool IsSignedBy(VerifyingKey key) => key.Verify(SignedBytes.Span, signature);

    // The platform's reader skips spaces and accepts several texts for the same bytes.
    static byte[] ReadSignature(ReadOnlySpan<byte> line)
    {
        var text = Encoding.ASCII.GetString(line);
        try
        {
            var signature = Convert.FromBase64String(text);
            if (line.SequenceEqual(Encoding.ASCII.GetBytes(Convert.ToBase64String(signature))))
            {
                return signature;
            }
        }
        catch (FormatException)
        {
        }

        throw new DigestException(DigestFault.Malformed, "Its second line is not base64 (RFC 4648, section 4).");
    }
}
