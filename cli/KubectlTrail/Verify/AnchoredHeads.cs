using System.Collections.Concurrent;
using ClusterTrail.Archive.Digests;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Archives;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Keys;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>The heads that an operator keeps outside of the archive: docs/decisions/0033.</summary>
/// <remarks>
/// Guarantee: only what a trusted operator signed counts, and of each chain what is furthest of all versions that are read. Anything else
/// in the place of an anchor is refused or reported, and not left out.
/// </remarks>
sealed class AnchoredHeads(IArchiveStore store, ArchiveScope scope, TrustedKeys keys)
{
    const int AnchorsAtOnce = 32;

    readonly ConcurrentDictionary<string, (string Tag, AnchorVersion Anchor)> unchanged = new();

    internal int MostVersions { get; init; } = 50_000;

    /// <param name="now">The verifier's own clock.</param>
    /// <param name="withVersions">Whether to read also what was replaced or deleted, where the store keeps it.</param>
    /// <exception cref="TrailException">It has no anchor, or one that cannot be trusted and no other version.</exception>
    internal async Task<GivenHeads> ReadAsync(DateTimeOffset now, bool withVersions, CancellationToken cancellationToken)
    {
        try
        {
            var notes = new List<string>();
            var places = withVersions ? await AllAsync(now, notes, cancellationToken) : await CurrentAsync(cancellationToken);
            var refused = places.FirstOrDefault(place => place.Furthest is null && place.Current is not null)?.Current;
            // One that cannot be trusted is a finding, so that nobody can blind a verifier to all others with it.
            if (refused is not null && places.All(place => place.Furthest is null))
                throw Refused(refused.Version.Name, refused.Problem!);
            if (places.Sum(place => place.Untrusted) is > 0 and var untrusted)
                notes.Add($"Earlier versions of anchors that cannot be trusted were left out: {untrusted}.");
            var heads = Newest([.. places.SelectMany(place => place.Heads(store.Name))]);
            var findings = places.SelectMany(place => place.Findings).ToList();
            return heads.Count > 0 || findings.Count > 0
                ? new(heads, findings, notes)
                : throw new TrailException(
                    ExitCode.Unreadable,
                    $"--heads {store.Name} has no anchor of what is verified; give the root, which has {ChainAnchor.Folder}.");
        }
        catch (StoreException e)
        {
            throw new TrailException(ExitCode.Unreadable, $"--heads {store.Name}: {e.Message}", e);
        }
    }

    async Task<IReadOnlyList<AnchorHistory>> AllAsync(DateTimeOffset now, List<string> notes, CancellationToken cancellationToken)
    {
        if (store is not IVersionedStore bucket)
        {
            notes.Add(
                $"{store.Name} has no versions of anchors. If somebody wrote an older one again, or signed one with the operator's key, "
                    + "this does not show.");
            return await CurrentAsync(cancellationToken);
        }

        try
        {
            var found = new List<string>();
            var anchors = new VersionedAnchors(bucket, scope, keys) { MostVersions = MostVersions };
            var all = await anchors.ReadAsync(now, found, cancellationToken);
            // Who may not read versions can read none. If only some cannot be read, somebody made them so.
            if (all.Sum(place => place.Earlier.All) is > 0 and var earlier && earlier == all.Sum(place => place.Earlier.Unread))
                throw new StoreException(all.First(place => place.Earlier.Unread > 0).WhyUnread!);
            notes.AddRange(found);
            return all;
        }
        catch (StoreException e)
        {
            notes.Add(
                $"Only the newest version of each anchor was read, because {e.Message}. If somebody wrote an older one again, or "
                    + "deleted one, this does not show. Grant s3:ListBucketVersions and s3:GetObjectVersion.");
            return await CurrentAsync(cancellationToken);
        }
    }

    async Task<IReadOnlyList<AnchorHistory>> CurrentAsync(CancellationToken cancellationToken)
    {
        var places = new ConcurrentQueue<AnchorHistory>();
        await Parallel.ForEachAsync(
            AnchorTree.CurrentAsync(store, scope, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = AnchorsAtOnce, CancellationToken = cancellationToken },
            async (one, stopping) =>
            {
                if (!unchanged.TryGetValue(one.Name, out var known) || known.Tag.Length == 0 || known.Tag != one.Version)
                {
                    var version = new StoredVersion(one.Name, null, default, IsLatest: true, IsDeletion: false);
                    var read = await AnchorVersion.ReadAsync(version, () => store.OpenAsync(one.Name, stopping), keys, stopping);
                    known = (one.Version, read);
                    unchanged[one.Name] = known;
                }

                places.Enqueue(AnchorHistory.Of(known.Anchor));
            });
        return [.. places];
    }

    /// <summary>Of each agent, the chain that was anchored last counts as the one that goes on.</summary>
    static List<KnownHead> Newest(IReadOnlyList<KnownHead> heads)
    {
        var last = heads.Where(head => !head.IsFormer).GroupBy(head => (head.Node, head.Label))
            .ToDictionary(same => same.Key, same => same.MaxBy(head => head.Anchored!.Value.At)!.Head.ChainId);
        return
        [
            .. heads.Select(head => head with
            {
                IsFormer = head.IsFormer || last[(head.Node, head.Label)] != head.Head.ChainId,
            }),
        ];
    }

    TrailException Refused(string name, string why) => new(
        ExitCode.Unreadable,
        $"--heads {store.Name}: the anchor {Printable.Escape(name)} cannot be trusted: {Printable.Escape(why)}. "
            + "Somebody may have changed it: look for older versions in the bucket.");
}
