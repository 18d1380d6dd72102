using ClusterTrail.Archive.Digests;
using ClusterTrail.Kubectl.Archives;
using ClusterTrail.Verification.Keys;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>What lies, or once lay, in the place of an anchor.</summary>
/// <param name="Version">Null: the place has no versions.</param>
/// <param name="Anchor">Null: nothing that a trusted operator signed for this place.</param>
/// <param name="Problem">Why it does not count; null if it does.</param>
/// <param name="IsUnread">Whether the store did not give it out.</param>
sealed record AnchorVersion(StoredVersion Version, ChainAnchor? Anchor, string? Problem, bool IsUnread = false)
{
    /// <summary>Judges the bytes. Pure.</summary>
    internal static AnchorVersion Of(StoredVersion version, byte[] bytes, TrustedKeys keys)
    {
        try
        {
            var signed = SignedObject.Read(bytes);
            var anchor = ChainAnchor.Read(signed);
            var place = ChainAnchor.NameOf(anchor.Owner, anchor.Head.ChainId);
            if (place != version.Name)
                return new(version, null, $"it is that of {place}, and was moved there");
            return keys.Operators.Any(key => key.Id == anchor.OperatorKeyId && signed.IsSignedBy(key))
                ? new(version, anchor, null)
                : new(version, null, $"no key of --keys signed it; it names the key {anchor.OperatorKeyId}");
        }
        catch (DigestException e)
        {
            return new(version, null, e.Message.TrimEnd('.'));
        }
    }
}
