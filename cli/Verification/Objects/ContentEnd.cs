using ClusterTrail.Archive;

namespace ClusterTrail.Verification.Objects;

/// <summary>Finds where the content of an object ends, from its bytes as they pass, without a key and without decompressing.</summary>
abstract class ContentEnd
{
    /// <summary>Null for content whose end only shows when it is decompressed.</summary>
    public static ContentEnd? Of(string name) =>
        name.EndsWith(BatchName.EncryptedEnding, StringComparison.Ordinal) ? new EnvelopeEnd()
        : name.EndsWith(Codec.Zstd.Ending(), StringComparison.Ordinal) ? new ZstdEnd()
        : null;

    public abstract void Add(ReadOnlySpan<byte> bytes);

    /// <summary>How many bytes stand behind the end; 0 if none do, or if it is no such content.</summary>
    public abstract long Trailing(long total);
}
