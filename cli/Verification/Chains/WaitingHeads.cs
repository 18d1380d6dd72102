using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Stores;
using ClusterTrail.Verification.Sums;

namespace ClusterTrail.Verification.Chains;

/// <summary>Digests that an agent has sealed, as is known from elsewhere, and that the sink has not confirmed.</summary>
static class WaitingHeads
{
    // An agent announces its next digest an hour ahead at most, so what its archive lacks for longer is overdue, whatever the last
    // digest says.
    static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(15);

    /// <summary>Reports those of one chain that are not there.</summary>
    /// <param name="heads">What is known of the chain from elsewhere.</param>
    /// <param name="from">The newest digest that is there, or must be there, which is reported elsewhere.</param>
    /// <param name="mayCome">Whether the agent may still deliver them: its chain, and its node, did not end.</param>
    public static void Report(
        IReadOnlyList<KnownHead> heads, long from, bool mayCome,
        (ArchiveNode Node, string Label, ArchiveScope Scope, DateTimeOffset Now) at, FindingLog findings)
    {
        var waiting = heads
            .Where(head => head.WaitingSince is not null && !(head.WaitingSince > at.Scope.Until) && head.Head.Sequence > from)
            .MaxBy(head => head.Head.Sequence);
        if (waiting is not { WaitingSince: { } since, Head: var head })
            return;
        var isOverdue = mayCome && since.AddSafely(Longest).AddSafely(Tolerance) < at.Now;
        findings.Add(new(
            isOverdue ? FindingKind.DigestOverdue : FindingKind.NotDelivered, at.Node, at.Label, $"digest {head.Sequence}",
            $"{waiting.Origin} knows that the agent has sealed the chain {head.ChainId} up to this digest. The archive has it up to {from}, "
                + $"and the sink has confirmed no more. The oldest digest that waits was sealed at {SignedTime.Text(since)}.")
        {
            Count = head.Sequence - from,
        });
    }
}
