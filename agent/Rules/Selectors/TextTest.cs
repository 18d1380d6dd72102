using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Rules.Selectors;

/// <summary>A test of one value, as UTF-8 without escapes.</summary>
abstract class TextTest
{
    /// <summary>Whether being there is enough.</summary>
    public virtual bool IsOfPresence => false;

    /// <summary>Whether it is null that passes, and nothing else.</summary>
    public virtual bool IsOfNull => false;

    public abstract bool Passes(ReadOnlySpan<byte> value);

    /// <summary>Whether a longer value passes of which only the beginning is there.</summary>
    public virtual Outcome OfHead(ReadOnlySpan<byte> head) => Outcome.Unknown;

    /// <summary>No value passes that is not longer than this, in bytes with its escapes: it need not be looked at.</summary>
    public int PassesOnlyAbove { get; protected init; } = -1;

    /// <summary>Stands for the text that another condition found.</summary>
    public static TextTest OfOther { get; } = new Equality([]);

    public static TextTest Of(FieldCondition condition) => condition.Operator switch
    {
        FieldOperator.Equals or FieldOperator.NotEquals => new Equality(condition.Values),
        FieldOperator.StartsWith or FieldOperator.NotStartsWith => new Start(condition.Values),
        FieldOperator.EndsWith or FieldOperator.NotEndsWith => new End(condition.Values),
        FieldOperator.InCIDR => new Networks(condition.Values),
        FieldOperator.Matches => new MatchingPatterns(condition.Values),
        FieldOperator.EqualsField or FieldOperator.NotEqualsField => new Equality([]),
        FieldOperator.LongerThan => new LongText(condition.Values),
        FieldOperator.IsNull => new Null(),
        _ => new AnyText(),
    };

    sealed class AnyText : TextTest
    {
        public override bool IsOfPresence => true;

        public override bool Passes(ReadOnlySpan<byte> value) => true;

        public override Outcome OfHead(ReadOnlySpan<byte> head) => Outcome.Yes;
    }

    sealed class LongText : TextTest
    {
        public LongText(IEnumerable<string> lengths) =>
            PassesOnlyAbove = lengths.Select(length => int.Parse(length, CultureInfo.InvariantCulture)).Min();

        public override bool Passes(ReadOnlySpan<byte> value) => value.Length > PassesOnlyAbove;

        public override Outcome OfHead(ReadOnlySpan<byte> head) => Passes(head) ? Outcome.Yes : Outcome.Unknown;
    }

    sealed class Null : TextTest
    {
        public override bool IsOfNull => true;

        public override bool Passes(ReadOnlySpan<byte> value) => false;
    }

    abstract class OfTexts(IEnumerable<string> texts) : TextTest
    {
        readonly byte[][] texts = [.. texts.Select(Encoding.UTF8.GetBytes)];

        public sealed override bool Passes(ReadOnlySpan<byte> value)
        {
            foreach (var text in texts)
            {
                if (Compare(value, text))
                {
                    return true;
                }
            }

            return false;
        }

        protected abstract bool Compare(ReadOnlySpan<byte> value, ReadOnlySpan<byte> text);

        /// <summary>Whether one of the texts goes on behind the head.</summary>
        protected bool AnyGoesOn(ReadOnlySpan<byte> head)
        {
            foreach (var text in texts)
            {
                if (text.Length > head.Length && text.AsSpan().StartsWith(head))
                {
                    return true;
                }
            }

            return false;
        }
    }

    sealed class Equality(IEnumerable<string> texts) : OfTexts(texts)
    {
        public override Outcome OfHead(ReadOnlySpan<byte> head) => AnyGoesOn(head) ? Outcome.Unknown : Outcome.No;

        protected override bool Compare(ReadOnlySpan<byte> value, ReadOnlySpan<byte> text) => value.SequenceEqual(text);
    }

    sealed class Start(IEnumerable<string> texts) : OfTexts(texts)
    {
        public override Outcome OfHead(ReadOnlySpan<byte> head) =>
            Passes(head) ? Outcome.Yes : AnyGoesOn(head) ? Outcome.Unknown : Outcome.No;

        protected override bool Compare(ReadOnlySpan<byte> value, ReadOnlySpan<byte> text) => value.StartsWith(text);
    }

    sealed class End(IEnumerable<string> texts) : OfTexts(texts)
    {
        protected override bool Compare(ReadOnlySpan<byte> value, ReadOnlySpan<byte> text) => value.EndsWith(text);
    }

    sealed class Networks(IEnumerable<string> networks) : TextTest
    {
        const int Remembered = 64;

        // An empty list leaves a text that is no network, and no address is in it.
        readonly IPNetwork[] networks =
            [.. networks.Select(network => IPNetwork.TryParse(network, out var parsed) ? parsed : (IPNetwork?)null).OfType<IPNetwork>()];
        // An address is an object, and most events come from a few: what was found out of each is kept.
        readonly KnownAddress?[] known = new KnownAddress?[Remembered];

        // No address is as long as what is cut.
        public override Outcome OfHead(ReadOnlySpan<byte> head) => Outcome.No;

        public override bool Passes(ReadOnlySpan<byte> value)
        {
            var hash = new HashCode();
            hash.AddBytes(value);
            ref var place = ref known[hash.ToHashCode() & (Remembered - 1)];
            var found = place;
            if (found is null || !value.SequenceEqual(found.Address))
            {
                place = found = new(value.ToArray(), IsInAny(value));
            }

            return found.IsIn;
        }

        bool IsInAny(ReadOnlySpan<byte> value)
        {
            if (!IPAddress.TryParse(value, out var address))
            {
                return false;
            }

            var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            foreach (var network in networks)
            {
                if (network.Contains(plain))
                {
                    return true;
                }
            }

            return false;
        }

        sealed record KnownAddress(byte[] Address, bool IsIn);
    }

    sealed class MatchingPatterns(IReadOnlyList<string> texts) : TextTest
    {
        readonly RequiredTexts?[] required = [.. texts.Select(RequiredTexts.Of)];
        // Made when first needed: most are of rules that hardly any event comes to.
        readonly Regex?[] patterns = new Regex?[texts.Count];

        public override bool Passes(ReadOnlySpan<byte> value)
        {
            for (var at = 0; at < patterns.Length; at++)
            {
                if (required[at]?.IsAnyIn(value) != false && Matches(at, value))
                {
                    return true;
                }
            }

            return false;
        }

        bool Matches(int at, ReadOnlySpan<byte> value)
        {
            var buffer = ArrayPool<char>.Shared.Rent(value.Length);
            var text = buffer.AsSpan(0, Encoding.UTF8.GetChars(value, buffer));
            var matches = (patterns[at] ??= ValuePattern.Of(texts[at])).IsMatch(text);
            ArrayPool<char>.Shared.Return(buffer);
            return matches;
        }
    }
}
