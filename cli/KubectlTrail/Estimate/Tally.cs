using System.Text;

namespace ClusterTrail.Kubectl.Estimate;

/// <summary>Events by something that they have in common.</summary>
/// <remarks>Bounded: a log may name any number of users. What comes when there is no more room is counted together.</remarks>
sealed class Tally
{
    internal const string Others = "(others)";

    const int Most = 100_000;

    readonly Dictionary<string, Counted> all = [];

    /// <summary>The largest first.</summary>
    internal IReadOnlyList<KeyValuePair<string, Counted>> Largest => [.. all.OrderByDescending(one => one.Value.RecordBytes)];

    internal void Add(ReadOnlySpan<byte> key, long logBytes, long recordBytes, long metadataBytes)
    {
        Span<char> text = key.Length <= 512 ? stackalloc char[key.Length] : new char[key.Length];
        text = text[..Encoding.UTF8.GetChars(key, text)];
        var byText = all.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!byText.TryGetValue(text, out var counted))
        {
            var name = all.Count < Most ? text.ToString() : Others;
            if (!all.TryGetValue(name, out counted))
                all[name] = counted = new();
        }

        counted.Events++;
        counted.LogBytes += logBytes;
        counted.RecordBytes += recordBytes;
        counted.MetadataBytes += metadataBytes;
    }

    /// <summary>What is counted of each.</summary>
    internal sealed class Counted
    {
        internal long Events { get; set; }

        internal long LogBytes { get; set; }

        /// <summary>Of the records, before they are compressed.</summary>
        internal long RecordBytes { get; set; }

        /// <summary>The same at level Metadata.</summary>
        internal long MetadataBytes { get; set; }
    }
}
