using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Insights;

/// <summary>One number for all that matters of a call: most events need no other.</summary>
/// <remarks>As a chain of <see cref="KeyHash.Of"/>, in half as many steps: the lengths of all texts first, then the texts.</remarks>
static class CallHash
{
    // No length has it.
    const ulong Failed = 1UL << 63;

    public static ulong Of(ulong seed, in AuditEvent audit, bool isError)
    {
        var address = audit.SourceAddress;
        var hash = KeyHash.Begin(seed, Lengths(audit.Verb, audit.Resource) | (isError ? Failed : 0));
        hash = KeyHash.Add(hash, seed, Lengths(audit.ApiGroup, audit.UserName), Lengths(audit.UserAgent, address));
        hash = KeyHash.Add(hash, seed, audit.Verb);
        hash = KeyHash.Add(hash, seed, audit.Resource);
        hash = KeyHash.Add(hash, seed, audit.ApiGroup);
        hash = KeyHash.Add(hash, seed, audit.UserName);
        hash = KeyHash.Add(hash, seed, audit.UserAgent);
        return KeyHash.End(KeyHash.Add(hash, seed, address), seed);
    }

    static ulong Lengths(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => (ulong)one.Length << 32 | (uint)other.Length;
}
