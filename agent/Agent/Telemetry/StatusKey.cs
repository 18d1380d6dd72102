using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>The key by which the operator knows that an answer is this agent's. Without one, answers are not signed.</summary>
sealed class StatusKey(string? path)
{
    const int LongestKey = 1024;

    /// <returns>Nothing without a key, or if it cannot be read: the operator then says so.</returns>
    public string? Sign(string nonce, ReadOnlyMemory<byte> body)
    {
        if (path is null || !SignedAnswer.IsNonce(nonce))
            return null;
        try
        {
            // Read anew each time: a kubelet replaces the file when the Secret changes.
            using var file = File.OpenRead(path);
            var key = new byte[LongestKey];
            var length = file.ReadAtLeast(key, key.Length, throwOnEndOfStream: false);
            return length is 0 or LongestKey ? null : SignedAnswer.Sign(key.AsSpan(0, length), nonce, body.Span);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
