using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ClusterTrail.Agent.Sources.Journal;

/// <summary>What a group of events is, however often it is sent: the SHA-256 of what was received.</summary>
readonly record struct GroupKey(ulong A, ulong B, ulong C, ulong D)
{
    public const int HexDigits = 64;
    const int Bytes = 32;

    public static GroupKey Of(ReadOnlySpan<byte> received)
    {
        Span<byte> hash = stackalloc byte[Bytes];
        SHA256.HashData(received, hash);
        return FromHash(hash);
    }

    public static GroupKey? Parse(ReadOnlySpan<byte> hex)
    {
        Span<byte> hash = stackalloc byte[Bytes];
        return hex.Length == HexDigits && Convert.FromHexString(hex, hash, out _, out _) == System.Buffers.OperationStatus.Done
            ? FromHash(hash) : null;
    }

    public void WriteTo(Span<byte> hash)
    {
        BinaryPrimitives.WriteUInt64BigEndian(hash, A);
        BinaryPrimitives.WriteUInt64BigEndian(hash[8..], B);
        BinaryPrimitives.WriteUInt64BigEndian(hash[16..], C);
        BinaryPrimitives.WriteUInt64BigEndian(hash[24..], D);
    }

    public override string ToString()
    {
        Span<byte> hash = stackalloc byte[Bytes];
        WriteTo(hash);
        return Convert.ToHexStringLower(hash);
    }

    static GroupKey FromHash(ReadOnlySpan<byte> hash) => new(
        BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(hash[16..]), BinaryPrimitives.ReadUInt64BigEndian(hash[24..]));
}
