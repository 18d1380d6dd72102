using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.History.Search;

/// <summary>Something that holds of a record or not.</summary>
abstract class RecordTest
{
    // What no writer of JSON spells otherwise.
    static readonly SearchValues<byte> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/@ "u8);

    /// <summary>Texts of which each record for which this holds has one, as JSON spells them; empty if that is not known.</summary>
    internal IReadOnlyList<byte[]> Needed { get; private protected init; } = [];

    internal abstract bool Holds(in RecordView record);

    private protected static IReadOnlyList<byte[]> NeededOf(IReadOnlyList<TextPattern> patterns)
    {
        var needed = patterns.Select(pattern => Longest(pattern.Needed)).ToList();
        return needed.All(text => text.Length > 1) ? needed : [];
    }

    private protected static bool AnyFits(IReadOnlyList<TextPattern> patterns, ReadOnlySpan<byte> written)
    {
        if (written.IsEmpty)
            return false;
        if (!written.Contains((byte)'\\'))
            return AnyFitsPlain(patterns, written);
        var buffer = ArrayPool<byte>.Shared.Rent(written.Length);
        var fits = AnyFitsPlain(patterns, buffer.AsSpan(0, JsonEscapes.Unescape(written, buffer)));
        ArrayPool<byte>.Shared.Return(buffer);
        return fits;
    }

    static bool AnyFitsPlain(IReadOnlyList<TextPattern> patterns, ReadOnlySpan<byte> value)
    {
        for (var at = 0; at < patterns.Count; at++)
        {
            if (patterns[at].Fits(value))
                return true;
        }

        return false;
    }

    // The longest part that is spelled as it is.
    static byte[] Longest(byte[] text)
    {
        var (longest, start) = (Array.Empty<byte>(), 0);
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && Plain.Contains(text[at]))
                continue;
            longest = at - start > longest.Length ? text[start..at] : longest;
            start = at + 1;
        }

        return longest;
    }

    /// <summary>A text of the record.</summary>
    internal delegate ReadOnlySpan<byte> Reader(in RecordView record);

    /// <summary>Whether a text of the record fits one of the patterns.</summary>
    internal sealed class OfTexts : RecordTest
    {
        readonly IReadOnlyList<TextPattern> patterns;
        readonly IReadOnlyList<Reader> readers;

        internal OfTexts(IEnumerable<string> values, params IReadOnlyList<Reader> readers)
            : this([.. values.Select(value => new TextPattern(value))], readers)
        {
        }

        internal OfTexts(IReadOnlyList<TextPattern> patterns, params IReadOnlyList<Reader> readers)
        {
            (this.patterns, this.readers) = (patterns, readers);
            Needed = NeededOf(patterns);
        }

        internal override bool Holds(in RecordView record)
        {
            for (var at = 0; at < readers.Count; at++)
            {
                if (AnyFits(patterns, readers[at](record)))
                    return true;
            }

            return false;
        }
    }

    /// <summary>Whether one of the items of a list does, or has it at a name.</summary>
    internal sealed class OfItems : RecordTest
    {
        readonly IReadOnlyList<TextPattern> patterns;
        readonly byte[][] names;
        readonly TokenReader list;

        internal delegate int TokenReader(in RecordView record);

        internal OfItems(IEnumerable<string> values, TokenReader list, params byte[][] names)
        {
            (patterns, this.list, this.names) = ([.. values.Select(value => new TextPattern(value))], list, names);
            Needed = NeededOf(patterns);
        }

        internal override bool Holds(in RecordView record)
        {
            var token = list(record);
            if (token == 0)
                return false;
            foreach (var item in new JsonItems(record.Line, record.Index, token))
            {
                var at = item;
                foreach (var name in names)
                    at = record.TokenAt(at, name);
                if (at != 0 && AnyFits(patterns, JsonText.At(record.Line, record.Index, at)))
                    return true;
            }

            return false;
        }
    }

    /// <summary>Whether the source address is in one of the networks.</summary>
    internal sealed class OfNetworks : RecordTest
    {
        readonly IReadOnlyList<IPNetwork> networks;

        internal OfNetworks(params IEnumerable<IPNetwork> networks) => this.networks = [.. networks.Select(SourceAddress.Plain)];

        /// <summary>Whether it is this address, however a record spells it.</summary>
        internal static OfNetworks Only(IPAddress address) => new(SourceAddress.Only(address)) { Needed = NeededOf(address) };

        internal override bool Holds(in RecordView record)
        {
            if (!SourceAddress.TryParse(record.Address, out var address))
                return false;
            for (var at = 0; at < networks.Count; at++)
            {
                if (networks[at].Contains(address))
                    return true;
            }

            return false;
        }

        // An address of IPv4 stands there as it is, or behind this; one of IPv6 has many spellings.
        static IReadOnlyList<byte[]> NeededOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
            ? [Encoding.UTF8.GetBytes(address.ToString()), "ffff:"u8.ToArray(), "FFFF:"u8.ToArray()]
            : [];
    }

    /// <summary>Whether any of the tests holds.</summary>
    internal sealed class Any : RecordTest
    {
        readonly IReadOnlyList<RecordTest> tests;

        internal Any(params IReadOnlyList<RecordTest> tests)
        {
            this.tests = tests;
            Needed = tests.All(test => test.Needed.Count > 0) ? [.. tests.SelectMany(test => test.Needed)] : [];
        }

        internal override bool Holds(in RecordView record)
        {
            for (var at = 0; at < tests.Count; at++)
            {
                if (tests[at].Holds(record))
                    return true;
            }

            return false;
        }
    }

    /// <summary>Whether all of the tests hold.</summary>
    internal sealed class All : RecordTest
    {
        readonly IReadOnlyList<RecordTest> tests;

        internal All(params IReadOnlyList<RecordTest> tests)
        {
            this.tests = tests;
            Needed = tests
                .Select(test => test.Needed)
                .Where(needed => needed.Count > 0)
                .MaxBy(needed => needed.Min(text => text.Length)) ?? [];
        }

        internal override bool Holds(in RecordView record)
        {
            for (var at = 0; at < tests.Count; at++)
            {
                if (!tests[at].Holds(record))
                    return false;
            }

            return true;
        }
    }
}
