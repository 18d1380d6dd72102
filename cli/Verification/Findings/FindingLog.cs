using ClusterTrail.Verification.Stores;
using ClusterTrail.Verification.Sums;

namespace ClusterTrail.Verification.Findings;

/// <summary>All findings by kind and number, and of each kind the first ones in full.</summary>
/// <remarks>Several threads may use one.</remarks>
public sealed class FindingLog
{
    /// <summary>How many of a kind are kept: an archive without its objects has as many findings as objects.</summary>
    public const int MostOfAKind = 2000;

    readonly Dictionary<(ArchiveNode? Node, FindingKind Kind), long> counts = [];
    readonly Dictionary<FindingKind, int> held = [];
    readonly List<ArchiveFinding> findings = [];

    /// <summary>By node, then the gravest first.</summary>
    public IReadOnlyList<ArchiveFinding> Findings
    {
        get
        {
            lock (findings)
                return [.. findings.OrderBy(one => one.Node, ArchiveNode.Order).ThenByDescending(one => one.Kind)
                    .ThenBy(one => one.Subject, StringComparer.Ordinal)];
        }
    }

    /// <summary>How many of each kind there are, the gravest first.</summary>
    public IReadOnlyList<(FindingKind Kind, long Count)> Counts
    {
        get
        {
            lock (findings)
                return [.. counts.GroupBy(one => one.Key.Kind, one => one.Value).OrderByDescending(kind => kind.Key)
                    .Select(kind => (kind.Key, kind.SumSafely(count => count)))];
        }
    }

    /// <summary>The kinds that were found by which agents or the operator declare that events are not in the archive.</summary>
    public IReadOnlyList<FindingKind> DeclaredLosses =>
    [
        .. Counts.Select(one => one.Kind)
            .Where(kind => kind is FindingKind.DeclaredGap or FindingKind.DeclaredLoss or FindingKind.DeclaredMissing),
    ];

    /// <summary>How many of each kind a node has.</summary>
    public IReadOnlyList<(FindingKind Kind, long Count)> CountsOf(ArchiveNode? node)
    {
        lock (findings)
            return [.. counts.Where(one => one.Key.Node == node).OrderByDescending(one => one.Key.Kind)
                .Select(one => (one.Key.Kind, one.Value))];
    }

    public void Add(ArchiveFinding finding)
    {
        lock (findings)
        {
            counts[(finding.Node, finding.Kind)] = counts.GetValueOrDefault((finding.Node, finding.Kind)).AddSafely(finding.Count);
            var already = held.GetValueOrDefault(finding.Kind);
            if (already == MostOfAKind)
                return;
            held[finding.Kind] = already + 1;
            findings.Add(finding);
        }
    }

    internal void AddAll(FindingLog others)
    {
        lock (findings)
        {
            foreach (var (key, count) in others.counts)
                counts[key] = counts.GetValueOrDefault(key).AddSafely(count);
            foreach (var finding in others.findings)
            {
                var already = held.GetValueOrDefault(finding.Kind);
                if (already == MostOfAKind)
                    continue;
                held[finding.Kind] = already + 1;
                findings.Add(finding);
            }
        }
    }
}
