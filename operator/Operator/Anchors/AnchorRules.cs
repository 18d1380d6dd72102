using System.Globalization;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Operator.Chains;

namespace ClusterTrail.Operator.Anchors;

/// <summary>What follows from an anchor that is there for a chain. Pure.</summary>
static class AnchorRules
{
    /// <param name="there">What the object says, whoever signed it; null if there is none, or none that can be read.</param>
    /// <param name="chain">What the operator knows.</param>
    /// <returns>Whether to replace it, or why not: an anchor never moves back.</returns>
    public static (bool Write, string? Problem) Judge(ChainAnchor? there, KnownChain chain)
    {
        if (there is null)
            return (true, null);
        var (head, at) = (there.Head, there.AnchoredAt.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        if (head.ChainId != chain.ChainId)
        {
            return there.AnchoredAt < chain.EnrolledAt ? (true, null) : (false, string.Create(
                CultureInfo.InvariantCulture,
                $"The anchor of chain {chain.Chain} on {chain.Node}, written at {at}, names another chain ({head.ChainId}) than the "
                    + $"operator knows ({chain.ChainId}), which was enrolled before."));
        }

        if (head.Sequence > chain.Sequence)
        {
            return (false, string.Create(
                CultureInfo.InvariantCulture,
                $"The anchor of chain {chain.Chain} on {chain.Node}, written at {at}, names digest {head.Sequence}; the newest that the "
                    + $"operator knows is {chain.Sequence}."));
        }

        if (head.Sequence == chain.Sequence && head.Sha256 != chain.Sha256)
        {
            return (false, string.Create(
                CultureInfo.InvariantCulture,
                $"The anchor of chain {chain.Chain} on {chain.Node}, written at {at}, names another digest {head.Sequence} than the "
                    + $"operator knows."));
        }

        return (head.Sequence < chain.Sequence, null);
    }
}
