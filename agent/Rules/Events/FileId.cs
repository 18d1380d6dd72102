using System.Buffers.Binary;
using System.Globalization;

namespace ClusterTrail.Rules.Events;

/// <summary>
/// What a log file is, whatever it is called and wherever its bytes lie: the first 128 bits of the SHA-256 of its first line.
/// </summary>
/// <remarks>
/// It survives renaming, copying and compression, and a file that reuses an inode gets another one. The whole line is hashed,
/// and with it the API server's microsecond timestamps, so that a client cannot make two files look alike.
/// </remarks>
readonly record struct FileId(ulong High, ulong Low)
{
    public static FileId Of(ReadOnlySpan<byte> sha256) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(sha256), BinaryPrimitives.ReadUInt64BigEndian(sha256[8..]));

    public static FileId Parse(string text) =>
        new(ulong.Parse(text.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            ulong.Parse(text.AsSpan(16), NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    public override string ToString() => $"{High:x16}{Low:x16}";
}
