using System.Buffers;

namespace ClusterTrail.Agent.Sources.Webhook;

/// <summary>Bytes that grow, in a pooled buffer.</summary>
sealed class PooledBytes : IBufferWriter<byte>, IDisposable
{
    const int FirstBytes = 64 << 10;

    byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    int length;

    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, length);

    /// <summary>What it takes in memory.</summary>
    public int Capacity => buffer.Length;

    public void Advance(int count) => length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return buffer.AsMemory(length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Clear() => length = 0;

    public void Replace(byte old, byte by) => buffer.AsSpan(0, length).Replace(old, by);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    void Reserve(int more)
    {
        if (length + more > buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, length + more));
            Written.Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
    }
}
