using System.Numerics;

namespace ClusterTrail.Rules.Detections;

/// <summary>Some of a set's rules: a bit for the place of each.</summary>
readonly ref struct RuleBits(Span<ulong> words)
{
    const int WordSize = 64;

    readonly Span<ulong> words = words;

    /// <summary>How many words the bits of so many rules take.</summary>
    public static int WordsFor(int rules) => (rules + WordSize - 1) / WordSize;

    /// <summary>The bits of those for which it holds.</summary>
    public static ulong[] Where<T>(IReadOnlyList<T> all, Func<T, bool> holds)
    {
        var words = new ulong[WordsFor(all.Count)];
        for (var rule = 0; rule < all.Count; rule++)
            words[rule / WordSize] |= holds(all[rule]) ? 1UL << (rule % WordSize) : 0;
        return words;
    }

    /// <summary>Leaves those that are among others too.</summary>
    public void Keep(ReadOnlySpan<ulong> others)
    {
        for (var at = 0; at < words.Length; at++)
        {
            words[at] &= others[at];
        }
    }

    public Enumerator GetEnumerator() => new(words);

    public ref struct Enumerator(ReadOnlySpan<ulong> words)
    {
        readonly ReadOnlySpan<ulong> words = words;
        int word = -1;
        ulong left;

        public readonly int Current => (word * WordSize) + BitOperations.TrailingZeroCount(left);

        public bool MoveNext()
        {
            left &= left - 1;
            while (left == 0)
            {
                if (++word >= words.Length)
                {
                    return false;
                }

                left = words[word];
            }

            return true;
        }
    }
}
