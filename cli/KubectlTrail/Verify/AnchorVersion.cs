using ClusterTrail.Archive.Digests;
using ClusterTrail.Kubectl.Archives;
using ClusterTrail.Verification.Keys;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>What lies, or once lay, in the place of an anchor.</summary>
/// <param name="Version">Null: the place has no versions.</param>
/// <param name="Anchor">Null: nothing that a trusted operator signed for this place.</param>
/// <param name="Problem">Why it does not count; null if it does.</param>
/// <param name="IsUnread">Whether the store did not give it out.</param>
sealed record AnchorVersion(StoredVersion Version, ChainAnchor? Anchor, string? Problem, bool IsUnread = false)
{
    const int MostBytes = 64 << 10;

    /// <exception cref="StoreException">The store does not give it out.</exception>
    internal static async Task<AnchorVersion> ReadAsync(
        StoredVersion version, Func<Task<Stream?>> open, TrustedKeys keys, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await open();
            if (stream is null)
                return new(version, null, "it is gone");
            var bytes = new byte[MostBytes];
            var length = await stream.ReadAtLeastAsync(bytes, MostBytes, throwOnEndOfStream: false, cancellationToken);
            return Of(version, bytes[..length], keys);
        }
        catch (Exception e) when (e is not StoreException && !cancellationToken.IsCancellationRequested)
        {
            throw new StoreException(e.Message.TrimEnd('.'), e);
        }
    }

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
            if (keys.Operator(anchor.OperatorKeyId) is not { } key || !signed.IsSignedBy(key))
                return new(version, null, $"no key of --keys signed it; it names the key {anchor.OperatorKeyId}");
            return keys.IsOperatorOf(key, anchor.Owner.Cluster)
                ? new(version, anchor, null)
                : new(version, null, $"the key {key.Id} signed it, which --keys names for another cluster");
        }
        catch (DigestException e)
        {
            return new(version, null, e.Message.TrimEnd('.'));
        }
    }
}
