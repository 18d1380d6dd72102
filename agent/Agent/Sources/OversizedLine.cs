using System.Security.Cryptography;

namespace ClusterTrail.Agent.Sources;

/// <summary>A line too long to be kept, while it is read: hash, size and head.</summary>
sealed class OversizedLine : IDisposable
{
    public const int HeadBytes = 4096;

    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly byte[] head = new byte[HeadBytes];
    long bytes;

    public ReadOnlySpan<byte> Head => head.AsSpan(0, (int)Math.Min(bytes, HeadBytes));

    public void Append(ReadOnlySpan<byte> piece)
    {
        if (bytes < HeadBytes)
        {
            piece[..(int)Math.Min(piece.Length, HeadBytes - bytes)].CopyTo(head.AsSpan((int)bytes));
        }

        hash.AppendData(piece);
        bytes += piece.Length;
    }

    public Oversized End() => new(bytes, hash.GetHashAndReset());

    public void Dispose() => hash.Dispose();
}
