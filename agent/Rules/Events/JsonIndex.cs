using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace ClusterTrail.Rules.Events;

/// <summary>Where the tokens of one JSON text stand, and which bracket closes which: any value is skipped in one step.</summary>
/// <remarks>
/// Guarantees: what is indexed is valid JSON (RFC 8259) in valid UTF-8, so it can be copied into a record as it is.
/// Caveats: texts nested deeper than <see cref="MaxDepth"/> are refused, see <see cref="EventReducer"/>. One instance indexes one text at a
/// time, and keeps its buffers.
/// </remarks>
/// <param name="maxDepth">Of what is nested deeper, nothing is indexed.</param>
sealed class JsonIndex(int maxDepth = JsonIndex.MaxDepth)
{
    public const int MaxDepth = 512;

    // After the last token stand a few that point at the first byte, which is never what a token in their place must be.
    const int Sentinels = 4;

    readonly int[] open = new int[maxDepth];
    int[] positions = new int[4096];
    int[] closings = new int[4096];
    int count;
    int most;

    /// <summary>Indexes the text; false when it is not valid JSON.</summary>
    public bool TryIndex(ReadOnlySpan<byte> json) =>
        FindTokens(json) && JsonGrammar.TryMatch(json, positions.AsSpan(0, count + Sentinels), closings, open);

    /// <summary>Whether any string of the text has an escape.</summary>
    public bool HasEscapes { get; private set; }

    /// <summary>Where the token starts in the text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Position(int token) => positions[token];

    /// <summary>The token that closes the object or array that this one opens.</summary>
    public int Closing(int token) => closings[token];

    /// <summary>The first token after the value that starts here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int After(ReadOnlySpan<byte> json, int token) =>
        json[positions[token]] is (byte)'{' or (byte)'[' ? closings[token] + 1 : token + 1;

    bool FindTokens(ReadOnlySpan<byte> json)
    {
        count = 0;
        // A byte is a token at most.
        most = json.Length + (2 * JsonBlock.Size) + Sentinels;
        var scan = new Scan();
        var at = 0;
        for (; at + JsonBlock.Size <= json.Length; at += JsonBlock.Size)
        {
            Append(scan.Next(new JsonBlock(in json[at]), json, at), at);
        }

        Span<byte> padded = stackalloc byte[JsonBlock.Size];
        padded.Fill((byte)' ');
        json[at..].CopyTo(padded);
        Append(scan.Next(new JsonBlock(in padded[0]), json, at), at);
        EnsureRoom(Sentinels);
        positions.AsSpan(count, Sentinels).Clear();
        HasEscapes = scan.HasEscapes;
        return count > 0 && scan.IsValid && (!scan.HasNonAscii || Utf8.IsValid(json));
    }

    // Eight at a time, needed or not: a loop that ends by chance costs more than the stores (simdjson does the same).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Append(ulong tokens, int offset)
    {
        EnsureRoom(JsonBlock.Size + 8);
        ref var next = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(positions), count);
        var found = BitOperations.PopCount(tokens);
        AppendEight(ref next, ref tokens, offset);
        if (found > 8)
        {
            AppendEight(ref Unsafe.Add(ref next, 8), ref tokens, offset);
            for (var at = 16; at < found; at++)
            {
                AppendOne(ref Unsafe.Add(ref next, at), ref tokens, offset);
            }
        }

        count += found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AppendEight(ref int next, ref ulong tokens, int offset)
    {
        for (var at = 0; at < 8; at++)
        {
            AppendOne(ref Unsafe.Add(ref next, at), ref tokens, offset);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AppendOne(ref int next, ref ulong tokens, int offset)
    {
        next = offset + BitOperations.TrailingZeroCount(tokens);
        tokens &= tokens - 1;
    }

    void EnsureRoom(int more)
    {
        if (count + more > positions.Length)
        {
            // The closings of a text before are of no use, and need not be there while the positions grow.
            closings = [];
            Array.Resize(ref positions, Math.Min(positions.Length * 2, Math.Max(most, count + more)));
            closings = new int[positions.Length];
        }
    }

    /// <summary>What one block hands to the next.</summary>
    struct Scan
    {
        ulong escapeCarry;
        ulong inString;
        ulong scalarCarry;
        ulong nonAscii;
        ulong escapes;
        bool broken;

        public readonly bool IsValid => !broken && inString == 0 && escapeCarry == 0;

        public readonly bool HasNonAscii => nonAscii != 0;

        public readonly bool HasEscapes => escapes != 0;

        /// <summary>Marks the bytes of the block where a token starts: an operator, an opening quote, a number or a literal.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong Next(scoped JsonBlock block, ReadOnlySpan<byte> json, int offset)
        {
            var backslashes = block.Backslashes;
            var escaped = JsonBlock.Escaped(backslashes, ref escapeCarry);
            var quotes = block.Quotes & ~escaped;
            var strings = JsonBlock.Between(quotes) ^ inString;
            inString = (ulong)((long)strings >> 63);

            var operators = block.Operators;
            var controls = block.Controls;
            var scalars = ~(operators | controls | block.Spaces);
            var bare = scalars & ~quotes;
            var followsBare = (bare << 1) | scalarCarry;
            scalarCarry = bare >> 63;

            nonAscii |= block.NonAscii;
            escapes |= backslashes;
            broken |= (controls != 0 && (controls & (strings | ~block.Breaks)) != 0)
                || (escaped != 0 && !JsonEscapes.AreValid(json, offset, escaped & ~(quotes | backslashes)));
            return (operators | (scalars & ~followsBare)) & ~(strings ^ quotes);
        }
    }
}
