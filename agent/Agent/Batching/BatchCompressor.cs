using ClusterTrail.Archive;
using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Batching;

/// <summary>Compresses one batch after the other, and keeps its buffers between them.</summary>
abstract class BatchCompressor : IDisposable
{
    public abstract Codec Codec { get; }

    public static BatchCompressor Of(CompressionConfiguration compression) => compression.Type == CompressionType.Zstd
        ? new ZstdCompressor(compression.LevelOrDefault())
        : new GzipCompressor(compression.LevelOrDefault());

    /// <summary>Adds to the batch, which begins with the first bytes after it was cleared.</summary>
    public abstract void Write(ReadOnlySpan<byte> record);

    /// <summary>Ends the batch; the compressed bytes are valid until the next record. Ending it twice is not an error.</summary>
    public abstract ReadOnlySpan<byte> End();

    /// <summary>Drops the batch.</summary>
    public abstract void Clear();

    public abstract void Dispose();
}
