using System.Collections.Concurrent;
using System.Globalization;
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
    const int MostBytes = 64 << 10;
    const int PlacesAtOnce = 8;
    const int VersionsAtOnce = 4;

    // Versions from before are not read, unless --since says so: an hourly anchor has 8,760 a year.
    static readonly TimeSpan ReadsBack = TimeSpan.FromDays(30);

    readonly ConcurrentDictionary<string, (string Tag, AnchorVersion Anchor)> unchanged = new();

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
                $"{store.Name} has no versions of anchors. If somebody wrote an older one again, or signed one with the operator's key, this does not show.");
            return await CurrentAsync(cancellationToken);
        }

        try
        {
            var since = now - ReadsBack;
            var all = await VersionsAsync(bucket, scope.Since < since ? scope.Since.Value : since, notes, cancellationToken);
            var earlier = all.SelectMany(place => place.Versions).Where(one => !one.Version.IsLatest && !one.Version.IsDeletion).ToList();
            // Who may not read versions can read none. If only some cannot be read, somebody made them so.
            if (earlier.Count > 0 && earlier.TrueForAll(one => one.IsUnread))
                throw new StoreException(earlier[0].Problem!);
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
            AnchorTree.CurrentAsync(store, scope, cancellationToken), AtOnce(PlacesAtOnce * VersionsAtOnce, cancellationToken),
            async (one, stopping) =>
            {
                if (!unchanged.TryGetValue(one.Name, out var known) || known.Tag.Length == 0 || known.Tag != one.Version)
                {
                    var version = new StoredVersion(one.Name, null, default, IsLatest: true, IsDeletion: false);
                    known = (one.Version, await ReadAsync(version, () => store.OpenAsync(one.Name, stopping), stopping));
                    unchanged[one.Name] = known;
                }

                places.Enqueue(new(AnchorTree.NodeOf(one.Name)!, [known.Anchor]));
            });
        return [.. places];
    }

    async Task<IReadOnlyList<AnchorHistory>> VersionsAsync(
        IVersionedStore bucket, DateTimeOffset since, List<string> notes, CancellationToken cancellationToken)
    {
        var places = new ConcurrentQueue<AnchorHistory>();
        var (older, hasVersions) = (0L, false);
        await Parallel.ForEachAsync(
            AnchorTree.VersionsAsync(bucket, scope, cancellationToken), AtOnce(PlacesAtOnce, cancellationToken), async (all, stopping) =>
            {
                // One from before says how far it was at the beginning.
                var wanted = all.TakeWhile(one => one.IsLatest || one.At >= since).ToList();
                wanted = [.. wanted, .. all.Skip(wanted.Count).Where(one => !one.IsDeletion).Take(1)];
                Interlocked.Add(ref older, all.Count - wanted.Count);
                if (all.Any(one => one.Id is not null))
                    Volatile.Write(ref hasVersions, true);
                var read = new AnchorVersion[wanted.Count];
                await Parallel.ForEachAsync(
                    wanted.Index(), AtOnce(VersionsAtOnce, stopping),
                    async (one, token) => read[one.Index] = await ReadAsync(bucket, one.Item, token));
                places.Enqueue(new(AnchorTree.NodeOf(all[0].Name)!, read));
            });
        if (!hasVersions)
            notes.Add($"{store.Name} keeps no versions. If somebody wrote an older anchor again, this does not show.");
        if (older > 0)
            notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{older} versions of anchors from before {SignedTime.Text(since)} were not read; an earlier --since reads them."));
        return [.. places];
    }

    // Who may not read versions may read the newest one.
    async Task<AnchorVersion> ReadAsync(IVersionedStore bucket, StoredVersion version, CancellationToken cancellationToken)
    {
        if (version.IsDeletion)
            return new(version, null, "it was deleted");
        try
        {
            return await ReadAsync(
                version,
                () => version.IsLatest ? bucket.OpenAsync(version.Name, cancellationToken) : bucket.OpenAsync(version, cancellationToken),
                cancellationToken);
        }
        catch (StoreException e)
        {
            return new(version, null, e.Message.TrimEnd('.'), IsUnread: true);
        }
    }

    async Task<AnchorVersion> ReadAsync(StoredVersion version, Func<Task<Stream?>> open, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await open();
            if (stream is null)
                return new(version, null, "it is gone");
            var bytes = new byte[MostBytes];
            var length = await stream.ReadAtLeastAsync(bytes, MostBytes, throwOnEndOfStream: false, cancellationToken);
            return AnchorVersion.Of(version, bytes[..length], keys);
        }
        catch (Exception e) when (e is not StoreException && !cancellationToken.IsCancellationRequested)
        {
            throw new StoreException(e.Message.TrimEnd('.'), e);
        }
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

    static ParallelOptions AtOnce(int most, CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = most, CancellationToken = cancellationToken };

    TrailException Refused(string name, string why) => new(
        ExitCode.Unreadable,
        $"--heads {store.Name}: the anchor {Printable.Escape(name)} cannot be trusted: {Printable.Escape(why)}. "
            + "Somebody may have changed it: look for older versions in the bucket.");
}
