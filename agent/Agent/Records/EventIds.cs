using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Records;

/// <summary>Names events by where they stand: never by <c>auditID</c>, which any client can set.</summary>
/// <remarks>
/// 24 hexadecimal digits of SHA-256(cluster, NUL, node, NUL, file identity), a dash, and the byte offset in 16 hexadecimal digits:
/// reading the same line again gives the same id.
/// </remarks>
sealed class EventIds(Origin origin)
{
    public const int Length = FileDigits + 1 + OffsetDigits;

    const int FileDigits = 24;
    const int OffsetDigits = 16;

    readonly byte[] digits = new byte[FileDigits];
    FileId? current;

    public string Of(Position position)
    {
        Span<byte> id = stackalloc byte[Length];
        Write(position, id);
        return Encoding.ASCII.GetString(id);
    }

    public void Write(Position position, Span<byte> id)
    {
        if (current != position.File)
        {
            current = position.File;
            var text = Encoding.UTF8.GetBytes($"{origin.ClusterName}\0{origin.NodeName}\0{position.File}");
            Convert.TryToHexStringLower(SHA256.HashData(text).AsSpan(0, FileDigits / 2), digits, out _);
        }

        digits.CopyTo(id);
        id[FileDigits] = (byte)'-';
        Utf8Formatter.TryFormat(position.Offset, id[(FileDigits + 1)..], out _, new('x', OffsetDigits));
    }
}
