using ClusterTrail.Archive.Digests;
using ClusterTrail.Archive.Sealing;
using ClusterTrail.Operator.Chains;

namespace ClusterTrail.Operator.Anchors;

/// <summary>Reads what lies in the place of a chain's anchor. Pure.</summary>
static class FoundAnchor
{
    /// <param name="bytes">What is there.</param>
    /// <param name="owner">Whose chain it is.</param>
    /// <param name="chain">Which one, and which operators have enrolled it.</param>
    /// <param name="key">The operator's own key.</param>
    /// <exception cref="AnchorException">It is no anchor of this chain that an operator of the Trail signed.</exception>
    public static ChainAnchor Read(byte[] bytes, ChainOwner owner, KnownChain chain, VerifyingKey key)
    {
        SignedObject signed;
        ChainAnchor anchor;
        try
        {
            signed = SignedObject.Read(bytes);
            anchor = ChainAnchor.Read(signed);
        }
        catch (DigestException e)
        {
            throw Damaged(owner, chain, $"is none: {e.Message.TrimEnd('.')}", e);
        }

        if (anchor.Owner != owner || anchor.Head.ChainId != chain.ChainId)
            throw Damaged(owner, chain, $"is that of {ChainAnchor.NameOf(anchor.Owner, anchor.Head.ChainId)}");
        if (KeysOf(chain, key).FirstOrDefault(one => one.Id == anchor.OperatorKeyId) is not { } signer)
            throw Damaged(
                owner, chain, $"names the key {anchor.OperatorKeyId}, which is neither this operator's nor one that enrolled the chain");
        return signed.IsSignedBy(signer)
            ? anchor
            : throw Damaged(owner, chain, $"is not signed by the key {anchor.OperatorKeyId}, which it names");
    }

    static IEnumerable<VerifyingKey> KeysOf(KnownChain chain, VerifyingKey own)
    {
        yield return own;
        foreach (var known in chain.OperatorKeys)
            if (TryRead(known) is { } former)
                yield return former;
    }

    // Somebody may have edited the ConfigMap.
    static VerifyingKey? TryRead(string base64)
    {
        try
        {
            return VerifyingKey.FromBase64(base64);
        }
        catch (KeyRefusedException)
        {
            return null;
        }
    }

    static AnchorException Damaged(ChainOwner owner, KnownChain chain, string how, Exception? inner = null) => new(
        AnchorException.Damaged,
        $"What lies in the place of the anchor of chain {chain.Chain} on {chain.Node} {how} ({ChainAnchor.NameOf(owner, chain.ChainId)}).",
        inner);
}
