using System.IO.Hashing;

namespace ClusterTrail.Agent.Sources;

/// <summary>What is remembered of a line: its length in the file, and 40 bits of a hash.</summary>
/// <remarks>
/// The hash is seeded at random once for each state folder, so that nobody can write a line that is taken for another one.
/// Two lines of one length have the same hash once in 10^12 times.
/// </remarks>
readonly record struct LineEntry(long Length, ulong Hash)
{
    /// <summary>How many words an entry has at most.</summary>
    public const int MaxWords = 2;

    const int HashBits = 40;
    const ulong HashMask = (1UL << HashBits) - 1;
    const long Escape = 0xffffff;

    public static LineEntry Of(in RawLine line, ulong seed)
    {
        if (line.Nuls > 0)
        {
            return new(line.Length, 0);
        }

        return new(line.Length, line.Oversized is { } oversized ? oversized.Hash & HashMask : HashOf(line.Text, seed));
    }

    /// <summary>The hash of a line, or of a piece of it, without its newline.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> text, ulong seed) => XxHash3.HashToUInt64(text, (long)seed) & HashMask;

    /// <summary>Writes it as one word, or as two when the length is 16 MiB or more.</summary>
    public int Write(Span<ulong> words)
    {
        var inline = Length < Escape;
        words[0] = ((ulong)(inline ? Length : Escape) << HashBits) | Hash;
        if (inline)
        {
            return 1;
        }

        words[1] = (ulong)Length;
        return 2;
    }

    /// <summary>Reads what <see cref="Write"/> wrote; false when the second word is missing.</summary>
    public static bool TryRead(ReadOnlySpan<ulong> words, out LineEntry entry, out int read)
    {
        (entry, read) = (default, 0);
        if (words.IsEmpty)
        {
            return false;
        }

        var length = (long)(words[0] >> HashBits);
        read = length == Escape ? 2 : 1;
        if (words.Length < read)
        {
            return false;
        }

        entry = new(read == 2 ? (long)words[1] : length, words[0] & HashMask);
        return true;
    }
}
