using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>All that is known of one chain's anchor: what lies in its place, and what did.</summary>
/// <param name="Versions">The newest first; never empty.</param>
sealed record AnchorHistory(ArchiveNode Node, IReadOnlyList<AnchorVersion> Versions)
{
    /// <summary>How far the chain was at least: the anchor that is furthest. An older one can be written again.</summary>
    internal ChainAnchor? Furthest { get; } =
        Versions.Where(one => one.Anchor is not null).MaxBy(one => one.Anchor!.Head.Sequence)?.Anchor;

    /// <summary>What lies in the place now; null if it was deleted.</summary>
    internal AnchorVersion? Current { get; } = Versions[0].Version.IsDeletion ? null : Versions[0];

    /// <summary>How many earlier versions do not count.</summary>
    internal int Untrusted => Versions.Skip(1).Count(one => one.Anchor is null && !one.Version.IsDeletion && !one.IsUnread);

    internal IEnumerable<ArchiveFinding> Findings
    {
        get
        {
            // By chance, or because somebody made it so: nobody can tell, so it is no tampering.
            if (Versions.FirstOrDefault(one => one.IsUnread) is { } unread)
                yield return Found(
                    FindingKind.Unreadable, $"The version of {SignedTime.Text(unread.Version.At)} cannot be read: {unread.Problem}. The others count.");
            if (What() is { } message)
                yield return Found(FindingKind.AnchorTampered, message);
        }
    }

    /// <param name="origin">Where anchors are, for people.</param>
    internal IEnumerable<KnownHead> Heads(string origin)
    {
        if (Furthest is not { } anchor)
            yield break;
        var head = new KnownHead(
            Node, anchor.Owner.Chain, anchor.Head,
            $"the anchor {origin}/{Versions[0].Version.Name} of {SignedTime.Text(anchor.AnchoredAt)}")
        {
            Anchored = new(anchor.AnchoredAt, anchor.Interval),
        };
        yield return head;
        if (anchor.FormerHead is { } former)
            yield return head with { Head = former, IsFormer = true };
    }

    ArchiveFinding Found(FindingKind kind, string message) => new(kind, Node, Furthest?.Owner.Chain, Versions[0].Version.Name, message);

    string? What()
    {
        var (at, name) = (SignedTime.Text(Versions[0].Version.At), Furthest is { } far ? $"digest {far.Head.Sequence}" : "no digest");
        if (Current is null)
            return $"The anchor was deleted at {at}. Its versions name {name} at most.";
        if (Current.IsUnread)
            return null;
        if (Current.Anchor is not { } current)
            return $"What was written there at {at} cannot be trusted: {Current.Problem}. Earlier versions name {name} at most.";
        if (current.Head.Sequence < Furthest!.Head.Sequence)
            return $"The anchor that was written at {at} names digest {current.Head.Sequence}, and an earlier version {name}. "
                + "Somebody wrote an older anchor again, or signed it with the operator's key.";
        var isForked = Versions.Any(
            one => one.Anchor?.Head is { } head && head.Sequence == Furthest.Head.Sequence && head != Furthest.Head);
        return isForked ? $"Two versions of the anchor name another {name}." : null;
    }
}
