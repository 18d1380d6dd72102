namespace ClusterTrail.Archive.Digests;

/// <summary>A digest or a key record cannot be read; the message is a sentence that says why.</summary>
public sealed class DigestException(DigestFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public DigestFault Fault => fault;
}
