using System.Globalization;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>What is known of one chain's anchor: what lies in its place, and what of it matters that did.</summary>
/// <param name="Newest">What was written or deleted there last.</param>
sealed record AnchorHistory(ArchiveNode Node, AnchorVersion Newest)
{
    /// <summary>How far the chain was at least: the anchor that is furthest. An older one can be written again.</summary>
    internal ChainAnchor? Furthest { get; private init; } = Newest.Anchor;

    /// <summary>What lies in the place now; null if it was deleted.</summary>
    internal AnchorVersion? Current => Newest.Version.IsDeletion ? null : Newest;

    /// <summary>Whether what is replaced there is kept.</summary>
    internal bool HasVersions => Newest.Version.Id is not null;

    /// <summary>How many earlier versions do not count.</summary>
    internal int Untrusted { get; private init; }

    /// <summary>How many earlier versions there are, and of how many the store gave out nothing.</summary>
    internal (int All, int Unread) Earlier { get; private init; }

    /// <summary>More versions were written than this, so that not all were read; 0 if not.</summary>
    internal int FloodedBeyond { get; init; }

    /// <summary>Why the store did not give out one of them.</summary>
    internal string? WhyUnread => Unread?.Problem;

    AnchorVersion? Unread { get; init; } = Newest.IsUnread ? Newest : null;

    bool IsForked { get; init; }

    internal static AnchorHistory Of(AnchorVersion newest) => new(AnchorTree.NodeOf(newest.Version.Name)!, newest);

    /// <summary>The same with what was there before.</summary>
    internal AnchorHistory Before(AnchorVersion earlier)
    {
        if (earlier.Version.IsDeletion)
            return this;
        var head = earlier.Anchor?.Head;
        var isFurther = head is not null && !(head.Sequence <= Furthest?.Head.Sequence);
        return this with
        {
            Furthest = isFurther ? earlier.Anchor : Furthest,
            IsForked = !isFurther && (IsForked || (head is not null && head.Sequence == Furthest!.Head.Sequence && head != Furthest.Head)),
            Unread = Unread ?? (earlier.IsUnread ? earlier : null),
            Untrusted = Untrusted + (earlier is { Anchor: null, IsUnread: false } ? 1 : 0),
            Earlier = (Earlier.All + 1, Earlier.Unread + (earlier.IsUnread ? 1 : 0)),
        };
    }

    internal IEnumerable<ArchiveFinding> Findings
    {
        get
        {
            // By chance, or because somebody made it so: nobody can tell, so it is no tampering.
            if (Unread is { } unread)
                yield return Found(
                    FindingKind.Unreadable,
                    $"The version of {SignedTime.Text(unread.Version.At)} cannot be read: {unread.Problem}. The others count.");
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
            Node, anchor.Owner.Chain, anchor.Head, $"the anchor {origin}/{Newest.Version.Name} of {SignedTime.Text(anchor.AnchoredAt)}")
        {
            Anchored = new(anchor.AnchoredAt, anchor.Interval),
        };
        yield return head;
        if (anchor.FormerHead is { } former)
            yield return head with { Head = former, IsFormer = true };
    }

    ArchiveFinding Found(FindingKind kind, string message) => new(kind, Node, Furthest?.Owner.Chain, Newest.Version.Name, message);

    string? What()
    {
        var (at, name) = (SignedTime.Text(Newest.Version.At), Furthest is { } far ? $"digest {far.Head.Sequence}" : "no digest");
        if (FloodedBeyond > 0)
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The anchor has more than {FloodedBeyond} versions of the last 30 days, which no operator writes. The newest were read, "
                    + $"and name {name} at most; what others name does not show.");
        if (Current is null)
            return $"The anchor was deleted at {at}. Its versions name {name} at most.";
        if (Current.IsUnread)
            return null;
        if (Current.Anchor is not { } current)
            return $"What was written there at {at} cannot be trusted: {Current.Problem}. Earlier versions name {name} at most.";
        if (current.Head.Sequence < Furthest!.Head.Sequence)
            return $"The anchor that was written at {at} names digest {current.Head.Sequence}, and an earlier version {name}. "
                + "Somebody wrote an older anchor again, or signed it with the operator's key.";
        return IsForked ? $"Two versions of the anchor name another {name}." : null;
    }
}
