using System.Globalization;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Operator.Chains;

namespace ClusterTrail.Operator.Anchors;

/// <summary>What follows from an anchor that is there for a chain. Pure.</summary>
static class AnchorRules
{
    /// <param name="head">How far an operator of the Trail said that this chain is.</param>
    /// <param name="anchoredAt">When it said so.</param>
    /// <param name="chain">What the operator knows.</param>
    /// <returns>Why it must stay, or null: an anchor never moves back.</returns>
    public static string? Against(ChainHead head, DateTimeOffset anchoredAt, KnownChain chain)
    {
        var at = anchoredAt.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        if (head.Sequence > chain.Head.Sequence)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The anchor of chain {chain.Chain} on {chain.Node}, written at {at}, names digest {head.Sequence}; the newest that the "
                    + $"operator knows is {chain.Head.Sequence}.");
        }

        return head.Sequence == chain.Head.Sequence && head.Sha256 != chain.Head.Sha256
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The anchor of chain {chain.Chain} on {chain.Node}, written at {at}, names another digest {head.Sequence} than the "
                    + $"operator knows.")
            : null;
    }
}
