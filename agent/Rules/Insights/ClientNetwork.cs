using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace ClusterTrail.Rules.Insights;

/// <summary>The network of an address: the first 24 bits of IPv4, the first 64 of IPv6.</summary>
static class ClientNetwork
{
    /// <summary>The network's bits, with a mark of the version; 0 for what is not an address.</summary>
    public static ulong Of(ReadOnlySpan<byte> address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (!TryRead(address, bytes, out var length))
            return 0;
        return length == 4
            ? (BinaryPrimitives.ReadUInt32BigEndian(bytes) & 0xFFFFFF00UL) | 1
            : BinaryPrimitives.ReadUInt64BigEndian(bytes) ^ 2;
    }

    /// <summary>The network as people write it; the address itself when it is none.</summary>
    public static string Describe(ReadOnlySpan<byte> address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (!TryRead(address, bytes, out var length))
            return Encoding.UTF8.GetString(address);
        bytes[(length == 4 ? 3 : 8)..].Clear();
        return $"{new IPAddress(bytes[..length])}/{(length == 4 ? 24 : 64)}";
    }

    static bool TryRead(ReadOnlySpan<byte> address, Span<byte> bytes, out int length)
    {
        Span<char> text = stackalloc char[64];
        length = 0;
        if (address.Length > text.Length || Encoding.UTF8.GetCharCount(address) != address.Length)
            return false;
        Encoding.UTF8.GetChars(address, text);
        if (!IPAddress.TryParse(text[..address.Length], out var parsed))
            return false;
        parsed = parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed;
        return parsed.TryWriteBytes(bytes, out length);
    }
}
