using System.Globalization;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Verification.Chains;

/// <summary>The names of all digests of a node.</summary>
sealed class DigestCatalog(ArchiveNode node)
{
    readonly List<DigestEntry> entries = [];
    readonly List<string> labels = [];

    /// <summary>By label, and each label's by number.</summary>
    public IReadOnlyList<DigestEntry> Entries => entries;

    /// <summary>Names that no digest has, though they look like one: such as another number of zeros.</summary>
    public List<string> Odd { get; } = [];

    public static async Task<DigestCatalog> ListAsync(IArchiveStore store, NodeFolders folders, CancellationToken cancellationToken)
    {
        var catalog = new DigestCatalog(folders.Node);
        foreach (var date in folders.DigestDates)
            await foreach (var one in store.ObjectsAsync(folders.Node.DigestsFolder(date), cancellationToken))
                catalog.Add(one.Name, one.Bytes);
        catalog.entries.Sort();
        return catalog;
    }

    public string LabelOf(DigestEntry entry) => labels[entry.Label];

    public string NameOf(DigestEntry entry) => new DigestName
    {
        Cluster = node.Cluster,
        Trail = node.Trail,
        Node = node.Node,
        SealedAt = entry.SealedAt,
        Chain = labels[entry.Label],
        Sequence = entry.Sequence,
        Hash = entry.Hash.ToString("x16", CultureInfo.InvariantCulture),
    }.ToString();

    /// <summary>The newest of each label by the clock, and the last by number.</summary>
    public IEnumerable<DigestEntry> Newest =>
        entries.GroupBy(entry => entry.Label).SelectMany(label => new[] { label.MaxBy(entry => entry.SealedAt), label.Max() }).Distinct();

    public bool HasLabel(string label) => labels.Contains(label);

    /// <summary>Whether one of the label was sealed before a time, as its name says.</summary>
    public bool HasBefore(string label, DateTimeOffset? time) =>
        labels.IndexOf(label) is var at && entries.Any(entry => entry.Label == at && entry.SealedAt < time);

    /// <summary>Whether one of the label has a larger number.</summary>
    public bool HasAfter(string label, long sequence) =>
        labels.IndexOf(label) is var at && entries.Any(entry => entry.Label == at && entry.Sequence > sequence);

    void Add(string name, long bytes)
    {
        if (!DigestName.TryParse(name, out var digest))
            return;
        if (digest.ToString() != name)
        {
            if (Odd.Count < FindingLog.MostOfAKind)
                Odd.Add(name);
            return;
        }

        entries.Add(new(
            LabelAt(digest.Chain), digest.Sequence, digest.SealedAt,
            ulong.Parse(digest.Hash, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), bytes));
    }

    int LabelAt(string label)
    {
        var at = labels.IndexOf(label);
        if (at >= 0)
            return at;
        labels.Add(label);
        return labels.Count - 1;
    }
}
