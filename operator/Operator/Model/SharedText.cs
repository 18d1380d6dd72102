using System.Collections.Concurrent;

namespace ClusterTrail.Operator.Model;

/// <summary>One string for texts that are the same in thousands of objects, such as labels, names of nodes, and hashes of files.</summary>
/// <remarks>Guarantee: bounded, whatever others write: when it is full it begins anew, and is then of less use and not wrong.</remarks>
static class SharedText
{
    const int Most = 100_000;
    const int Longest = 128;

    static readonly ConcurrentDictionary<string, string> Known = new();

    public static string Of(string text)
    {
        if (text.Length > Longest)
            return text;
        if (Known.TryGetValue(text, out var known))
            return known;
        // The dictionary's own count takes all its locks; it is asked only for what is new.
        if (Known.Count >= Most)
            Known.Clear();
        return Known.GetOrAdd(text, text);
    }

    public static string? OfAny(string? text) => text is null ? null : Of(text);
}
