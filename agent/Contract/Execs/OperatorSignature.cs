using System.Security.Cryptography;
using System.Text;

namespace ClusterTrail.Contract.Execs;

/// <summary>How an operator signs what it hands over, beside the Trail's key: that one every agent has, and so every node.</summary>
public static class OperatorSignature
{
    const char Separator = '.';
    const int LongestKey = 256;

    public static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static string PublicKey(ECDsa key) => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());

    /// <summary>Both signatures, as a header has them.</summary>
    /// <param name="key">The Trail's.</param>
    /// <param name="own">The operator's.</param>
    public static string Sign(ReadOnlySpan<byte> key, ECDsa own, string nonce, ReadOnlySpan<byte> body) =>
        ExecSignature.Sign(key, ExecSignature.Handover, nonce, body) + Separator
            + Convert.ToHexStringLower(own.SignData(Signed(nonce, body), HashAlgorithmName.SHA256));

    /// <summary>Takes a header apart: the Trail's signature and the operator's.</summary>
    public static (string OfTrail, string OfOperator) Split(string? header) =>
        header?.Split(Separator) is [var ofTrail, var ofOperator] ? (ofTrail, ofOperator) : ("", "");

    /// <param name="publicKey">As <see cref="PublicKey"/> writes it.</param>
    public static bool IsSigned(string publicKey, string nonce, ReadOnlySpan<byte> body, string signature)
    {
        try
        {
            if (publicKey.Length > LongestKey || signature.Length > LongestKey)
                return false;
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
            return key.VerifyData(Signed(nonce, body), Convert.FromHexString(signature), HashAlgorithmName.SHA256);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A key that is none fails in many ways, an unknown curve in another one than a damaged point.
            return false;
        }
    }

    static byte[] Signed(string nonce, ReadOnlySpan<byte> body) =>
        [.. Encoding.ASCII.GetBytes($"{ExecSignature.Handover} {nonce}\n"), .. body];
}
