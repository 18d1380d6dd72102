using ClusterTrail.Archive.Digests;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Keys;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>The heads that an operator keeps outside of the archive: docs/decisions/0033.</summary>
/// <remarks>Guarantee: only what a trusted operator signed counts. Anything else in its place is refused, and not left out.</remarks>
static class AnchoredHeads
{
    const int MostBytes = 64 << 10;

    /// <exception cref="TrailException">It has no anchor, or one that cannot be trusted.</exception>
    internal static async Task<IReadOnlyList<KnownHead>> ReadAsync(
        IArchiveStore store, ArchiveScope scope, TrustedKeys keys, CancellationToken cancellationToken)
    {
        var heads = new List<KnownHead>();
        try
        {
            await foreach (var name in NamesAsync(store, cancellationToken))
            {
                var head = await ReadAsync(store, name, keys, cancellationToken);
                if (IsIn(scope, head.Node))
                    heads.Add(head);
            }
        }
        catch (StoreException e)
        {
            throw new TrailException(ExitCode.Unreadable, $"--heads {store.Name}: {e.Message}", e);
        }

        return heads.Count > 0
            ? heads
            : throw new TrailException(
                ExitCode.Unreadable,
                $"--heads {store.Name} has no anchor of what is verified; give the root, which has {ChainAnchor.Folder}.");
    }

    static async IAsyncEnumerable<string> NamesAsync(
        IArchiveStore store, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var cluster in store.FoldersAsync(ChainAnchor.Folder, cancellationToken))
            await foreach (var trail in store.FoldersAsync(cluster, cancellationToken))
                await foreach (var node in store.FoldersAsync(trail, cancellationToken))
                    await foreach (var one in store.ObjectsAsync(node, cancellationToken))
                        if (one.Name.EndsWith(".json", StringComparison.Ordinal))
                            yield return one.Name;
    }

    static async Task<KnownHead> ReadAsync(IArchiveStore store, string name, TrustedKeys keys, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenAsync(name, cancellationToken) ?? throw Refused(store, name, "it is gone");
        var bytes = new byte[MostBytes];
        var length = await stream.ReadAtLeastAsync(bytes, MostBytes, throwOnEndOfStream: false, cancellationToken);
        try
        {
            var signed = SignedObject.Read(bytes[..length]);
            var anchor = ChainAnchor.Read(signed);
            if (ChainAnchor.NameOf(anchor.Owner) != name)
                throw Refused(store, name, $"it is that of {ChainAnchor.NameOf(anchor.Owner)}, and was moved there");
            return keys.Operators.Any(key => key.Id == anchor.OperatorKeyId && signed.IsSignedBy(key))
                ? new(
                    new(anchor.Owner.Cluster, anchor.Owner.Trail, anchor.Owner.Node), anchor.Owner.Chain, anchor.Head,
                    $"the anchor {store.Name}/{name} of {SignedTime.Text(anchor.AnchoredAt)}")
                : throw Refused(store, name, $"no key of --keys signed it; it names the key {anchor.OperatorKeyId}");
        }
        catch (DigestException e)
        {
            throw Refused(store, name, e.Message.TrimEnd('.'));
        }
    }

    static bool IsIn(ArchiveScope scope, ArchiveNode node) =>
        (scope.Cluster ?? node.Cluster, scope.Trail ?? node.Trail, scope.Node ?? node.Node) == (node.Cluster, node.Trail, node.Node);

    static TrailException Refused(IArchiveStore store, string name, string why) => new(
        ExitCode.Unreadable,
        $"--heads {store.Name}: the anchor {Printable.Escape(name)} cannot be trusted: {Printable.Escape(why)}. "
            + "Somebody may have changed it: look for older versions in the bucket.");
}
