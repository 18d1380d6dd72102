using System.Globalization;
using System.Security.Cryptography;

namespace ClusterTrail.Agent.Sources;

/// <summary>What vouches for the bytes before an offset: the length and a hash of the stretch that ends there.</summary>
/// <remarks>Each event has an auditID and microseconds in it: who has the same 4 KiB at the same place has the same log before
/// it.</remarks>
readonly record struct Proof(int Bytes, UInt128 Hash)
{
    /// <summary>Of the bytes that end at the offset; null when there are none.</summary>
    public static Proof? Of(ReadOnlySpan<byte> stretch)
    {
        if (stretch.IsEmpty)
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(stretch, hash);
        return new(stretch.Length, System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash));
    }

    /// <summary>Of the bytes of a file before an offset, as many as proofs are made of.</summary>
    public static Proof? Before(ILogFile file, long offset)
    {
        Span<byte> stretch = stackalloc byte[LineReader.HistoryBytes];
        stretch = stretch[..(int)Math.Min(offset, stretch.Length)];
        return FileBytes.Fill(file, stretch, offset - stretch.Length) == stretch.Length ? Of(stretch) : null;
    }

    /// <summary>Of the bytes with which a file begins, as far as they can be decompressed.</summary>
    public static Proof? OfHead(ILogFile file)
    {
        Span<byte> head = stackalloc byte[LineReader.HistoryBytes];
        return Of(head[..FileBytes.FillWhole(file, head, 0)]);
    }

    /// <summary>Whether the file has these bytes before the offset.</summary>
    public bool Holds(ILogFile file, long offset)
    {
        Span<byte> stretch = stackalloc byte[LineReader.HistoryBytes];
        return Bytes <= Math.Min(offset, stretch.Length)
            && FileBytes.Fill(file, stretch[..Bytes], offset - Bytes) == Bytes
            && Of(stretch[..Bytes]) == this;
    }

    public static Proof? Parse(string? text)
    {
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        return colon > 0
            && int.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            && UInt128.TryParse(text.AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var hash)
                ? new(bytes, hash)
                : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Bytes}:{Hash:x32}");
}
