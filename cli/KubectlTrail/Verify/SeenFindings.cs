using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Verification;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>Which findings are known, so that each counts once as long as it lasts.</summary>
/// <remarks>Guarantee: beyond what can be remembered, each counts again in every round: a flood of findings hides none.</remarks>
sealed class SeenFindings
{
    const int Most = 200_000;

    // An earlier version did not write whose it is.
    const string Unknown = "?";

    readonly Dictionary<string, string> nodes = new(StringComparer.Ordinal);

    /// <summary>As they are kept: the hash of each finding, and the node.</summary>
    internal IReadOnlyList<string> Saved => [.. nodes.Select(one => one.Value == Unknown ? one.Key : $"{one.Key} {one.Value}")];

    internal void Add(IEnumerable<string> saved)
    {
        foreach (var one in saved)
        {
            var space = one.IndexOf(' ');
            nodes[space < 0 ? one : one[..space]] = space < 0 ? Unknown : one[(space + 1)..];
        }
    }

    internal bool IsNew(ArchiveFinding finding)
    {
        var key = KeyOf(finding);
        var isKnown = nodes.ContainsKey(key);
        if (isKnown || nodes.Count < Most)
            nodes[key] = NodeOf(finding.Node);
        return !isKnown;
    }

    /// <summary>
    /// Everything was verified: what was not found any more counts again if it comes back. Of a node that could not be read nothing is
    /// known.
    /// </summary>
    internal void ForgetGone(VerificationResult result)
    {
        var findings = result.Findings.Findings;
        var listed = findings.ToLookup(one => one.Kind);
        // Of many of a kind only the first are listed.
        if (result.Findings.Counts.Any(one => one.Count > listed[one.Kind].Sum(finding => finding.Count)))
            return;
        // A version of an anchor that cannot be read hides nothing of the archive.
        var unread = findings.Where(one => one.Kind == FindingKind.Unreadable && !result.Options.Found.Contains(one))
            .Select(one => NodeOf(one.Node)).ToHashSet(StringComparer.Ordinal);
        if (unread.Contains(NodeOf(null)))
            return;
        var there = findings.Select(KeyOf).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, node) in nodes)
            if (!there.Contains(key) && !unread.Contains(node) && !(node == Unknown && unread.Count > 0))
                nodes.Remove(key);
    }

    static string NodeOf(ArchiveNode? node) => node is null ? "" : $"{node}";

    static string KeyOf(ArchiveFinding finding) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes($"{finding.Kind}\n{finding.Node}\n{finding.Chain}\n{finding.Subject}")))[..32];
}
