using System.IO.Hashing;
using System.Security.Cryptography;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>A line too long to be kept, while it is read: hash, size, and of an event what fits, of anything else the head.</summary>
sealed class OversizedLine(int maxLineBytes, ulong seed = 0) : IDisposable
{
    public const int HeadBytes = 4096;

    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly XxHash3 lineHash = new((long)seed);
    readonly EventReducer reducer = new(maxLineBytes);
    readonly byte[] head = new byte[HeadBytes];
    long bytes;

    /// <summary>What is kept of it, once it has ended.</summary>
    public ReadOnlySpan<byte> Text => reducer.IsWhole ? reducer.Text : head.AsSpan(0, (int)Math.Min(bytes, HeadBytes));

    public void Append(ReadOnlySpan<byte> piece)
    {
        if (bytes < HeadBytes)
        {
            piece[..(int)Math.Min(piece.Length, HeadBytes - bytes)].CopyTo(head.AsSpan((int)bytes));
        }

        hash.AppendData(piece);
        lineHash.Append(piece);
        reducer.Append(piece);
        bytes += piece.Length;
    }

    public Oversized End()
    {
        var sha256 = hash.GetHashAndReset();
        return new(
            bytes, sha256, lineHash.GetCurrentHashAsUInt64(),
            reducer.IsWhole ? new(TruncationReason.LongerThanMaxEventBytes, bytes, sha256, [.. reducer.Cuts]) : null);
    }

    public void Dispose()
    {
        hash.Dispose();
        reducer.Dispose();
    }
}
