using ClusterTrail.Contract.Execs;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>The key by which the operator and the agent know each other. Without one, answers are not signed.</summary>
sealed class StatusKey(string? path)
{
    const int LongestKey = 1024;

    public static StatusKey OfEnvironment() => new(Environment.GetEnvironmentVariable(SignedAnswer.KeyVariable));

    /// <summary>Whether there should be a key.</summary>
    public bool Exists => path is not null;

    /// <returns>Nothing without a key, or if it cannot be read: the operator then says so.</returns>
    public string? Sign(string nonce, ReadOnlyMemory<byte> body) =>
        SignedAnswer.IsNonce(nonce) && Read() is { } key ? SignedAnswer.Sign(key, nonce, body.Span) : null;

    /// <returns>Nothing without a key, or if it cannot be read.</returns>
    public string? Sign(string purpose, string nonce, ReadOnlySpan<byte> body) =>
        SignedAnswer.IsNonce(nonce) && Read() is { } key ? ExecSignature.Sign(key, purpose, nonce, body) : null;

    /// <summary>Whether the operator signed this for the purpose; not without a key.</summary>
    public bool IsSigned(string purpose, string? nonce, ReadOnlySpan<byte> body, string? signature) =>
        Read() is { } key && ExecSignature.IsSigned(key, purpose, nonce, body, signature);

    // Read anew each time: a kubelet replaces the file when the Secret changes.
    byte[]? Read()
    {
        if (path is null)
            return null;
        try
        {
            using var file = File.OpenRead(path);
            var key = new byte[LongestKey];
            var length = file.ReadAtLeast(key, key.Length, throwOnEndOfStream: false);
            return length is 0 or LongestKey ? null : key[..length];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
