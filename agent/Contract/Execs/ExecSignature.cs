using ClusterTrail.Contract.Status;

namespace ClusterTrail.Contract.Execs;

/// <summary>What is signed with a Trail's key between operator and agents, beside the status: docs/decisions/0025.</summary>
/// <remarks>Guarantee: what is signed for one purpose passes for no other, and not for a status, whose nonce has no space.</remarks>
public static class ExecSignature
{
    public const string Path = "/execs";

    /// <summary>A request of the operator for an agent's report; what is signed is the query.</summary>
    public const string Ask = "ask";

    public const string Report = "report";

    public const string Handover = "handover";

    public const string Answer = "answer";

    public static string Sign(ReadOnlySpan<byte> key, string purpose, string nonce, ReadOnlySpan<byte> body) =>
        SignedAnswer.Sign(key, $"{purpose} {nonce}", body);

    public static bool IsSigned(ReadOnlySpan<byte> key, string purpose, string? nonce, ReadOnlySpan<byte> body, string? signature) =>
        SignedAnswer.IsNonce(nonce) && key.Length > 0 && SignedAnswer.IsSigned(key, $"{purpose} {nonce}", body, signature);
}
