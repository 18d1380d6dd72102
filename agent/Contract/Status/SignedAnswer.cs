using System.Security.Cryptography;
using System.Text;

namespace ClusterTrail.Contract.Status;

/// <summary>How an agent proves that an answer of <c>/status</c> is its own and new: docs/decisions/0019.</summary>
public static class SignedAnswer
{
    /// <summary>The request's header: what the asker has made up for this one request.</summary>
    public const string NonceHeader = "ClusterTrail-Nonce";

    /// <summary>The answer's header.</summary>
    public const string SignatureHeader = "ClusterTrail-Signature";

    /// <summary>The variable that names the agent's key file. Without it, answers are not signed.</summary>
    public const string KeyVariable = "CLUSTERTRAIL_STATUS_KEY_FILE";

    const int LongestNonce = 128;

    public static bool IsNonce(string? text) => text is { Length: > 0 and <= LongestNonce } && text.All(char.IsAsciiLetterOrDigit);

    /// <summary>HMAC-SHA256 over the nonce, a line feed and the answer's body, in hexadecimal.</summary>
    public static string Sign(ReadOnlySpan<byte> key, string nonce, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.ASCII.GetBytes($"{nonce}\n"));
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static bool IsSigned(ReadOnlySpan<byte> key, string nonce, ReadOnlySpan<byte> body, string? signature) =>
        signature is not null
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign(key, nonce, body)), Encoding.UTF8.GetBytes(signature));
}
