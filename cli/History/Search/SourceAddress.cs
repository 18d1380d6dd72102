using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClusterTrail.History.Search;

/// <summary>The address that a request came from. It has several spellings; only those that all programs read alike are taken.</summary>
static class SourceAddress
{
    const int MappedBits = 96;
    const int MostLength = 64;

    /// <summary>False if it is no address, or one such as <c>10.1</c> or <c>010.0.0.1</c>, which some programs take for others.</summary>
    internal static bool TryParse(string text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Length > MostLength || (!text.Contains(':', StringComparison.Ordinal) && !IsFourNumbers(text))
            || !IPAddress.TryParse(text, out var parsed))
            return false;
        address = Plain(parsed);
        return true;
    }

    /// <summary>As a record spells it.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, out IPAddress address)
    {
        address = IPAddress.None;
        return text.Length <= MostLength && TryParse(Encoding.UTF8.GetString(text), out address);
    }

    /// <summary>The network of one address.</summary>
    internal static IPNetwork Only(IPAddress address) => new(address, address.GetAddressBytes().Length * 8);

    /// <summary>Of a network of IPv4 that is written as one of IPv6, <c>::ffff:10.0.0.0/104</c>, that of IPv4.</summary>
    internal static IPNetwork Plain(IPNetwork network) =>
        network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedBits
            ? new(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedBits)
            : network;

    /// <summary>The texts that a record can have for the address: as given, as programs write it, and of IPv4 also as IPv6.</summary>
    internal static IEnumerable<string> Spellings(string text, IPAddress address) => new[] { text, address.ToString() }
        .Concat(address.AddressFamily == AddressFamily.InterNetwork ? [address.MapToIPv6().ToString()] : [])
        .Distinct(StringComparer.Ordinal);

    static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    static bool IsFourNumbers(string text) => text.Split('.') is { Length: 4 } parts
        && parts.All(part => part.Length > 0 && part.All(char.IsAsciiDigit) && (part.Length == 1 || part[0] != '0'));
}
