using System.Text;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Explaining;

/// <summary>Values of events and rules as sentences show them. They are not made safe for a terminal.</summary>
static class Shown
{
    const int LongestText = 120;
    const int MostItems = 8;

    /// <summary>What lists without items become: no field of an event can be it.</summary>
    const string OfEmptyLists = "\0";

    /// <param name="written">The string between its quotes, with its escapes.</param>
    public static string Text(ReadOnlySpan<byte> written)
    {
        var buffer = new byte[written.Length];
        return Quote(Encoding.UTF8.GetString(buffer, 0, JsonEscapes.Unescape(written, buffer)));
    }

    public static string Quote(string text) => $"\"{(text.Length > LongestText ? $"{text[..LongestText]}…" : text)}\"";

    /// <summary>A few items of a list, and how many more there are.</summary>
    public static string Among(IEnumerable<string> items)
    {
        var all = items.ToList();
        return all is [OfEmptyLists]
            ? "nothing, since its lists are empty"
            : string.Join(", ", all.Take(MostItems)) + (all.Count > MostItems ? $" and {all.Count - MostItems} more" : "");
    }
}
