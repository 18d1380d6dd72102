using System.Buffers;

namespace ClusterTrail.Agent.Records;

/// <summary>One record in the making: a pooled buffer that is filled from the start each time.</summary>
sealed class RecordBuffer : IDisposable
{
    byte[] buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
    int length;

    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, length);

    /// <summary>Empties it and makes sure of this much room; appending checks no more.</summary>
    public void Start(int room)
    {
        length = 0;
        if (buffer.Length < room)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(room);
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(buffer.AsSpan(length));
        length += bytes.Length;
    }

    /// <summary>Room for exactly this many bytes, which the caller fills.</summary>
    public Span<byte> Take(int bytes)
    {
        length += bytes;
        return buffer.AsSpan(length - bytes, bytes);
    }

    /// <summary>Takes back what was written after these bytes.</summary>
    public void Cut(int bytes) => length = bytes;

    /// <summary>Takes a comma back, and white space after it, if that is what was written last.</summary>
    public void DropComma()
    {
        var trimmed = Written.TrimEnd(" \t\r"u8);
        if (trimmed.EndsWith(","u8))
        {
            length = trimmed.Length - 1;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }
}
