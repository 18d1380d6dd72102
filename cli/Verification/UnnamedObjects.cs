using ClusterTrail.Archive;
using ClusterTrail.Verification.Chains;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Objects;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Verification;

/// <summary>Finds the objects of a node that no digest names.</summary>
/// <remarks>
/// A day whose names are those that digests name takes one listing. Only of other days the digests are read again, to tell which.
/// </remarks>
sealed class UnnamedObjects(
    IArchiveStore store, ArchiveNode node, DigestCatalog catalog, NamedObjects named, UnnamedRules rules, ArchiveScope scope)
{
    public async Task FindAsync(string date, MissingObjects missing, FindingLog findings, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var one in store.ObjectsAsync(node.EventsFolder(date), cancellationToken))
            if (BatchName.TryParse(one.Name, out _))
                names.Add(one.Name);
        if (names.Count == 0 || named.Matches(date, names))
            return;
        await RemoveNamedAsync(names, named.DigestsOf(date), cancellationToken);
        foreach (var name in names.Order(StringComparer.Ordinal))
            await ReportAsync(name, missing, findings, cancellationToken);
    }

    async Task RemoveNamedAsync(HashSet<string> names, Range digests, CancellationToken cancellationToken)
    {
        // What is wrong with them was reported when they were read the first time.
        var reader = new DigestReader(store, node, catalog, new());
        var again = catalog.Entries.Index().Take(digests).Select(entry => (entry.Index, false)).ToList();
        await foreach (var (_, reading) in new DigestSequence(store, catalog, reader).ReadAsync(again, cancellationToken))
            foreach (var one in reading.Digest?.Objects ?? [])
                names.Remove(one.Name);
    }

    async Task ReportAsync(string name, MissingObjects missing, FindingLog findings, CancellationToken cancellationToken)
    {
        _ = BatchName.TryParse(name, out var batch);
        var kind = rules.KindOf(batch);
        if (!scope.Contains(batch.FirstEvent))
            return;
        if (kind != FindingKind.UnnamedObject)
        {
            findings.Add(new(kind, node, null, name, kind.Meaning()));
            return;
        }

        var sha256 = await ObjectHasher.HashAsync(store, name, cancellationToken);
        if (sha256 is null)
            return;
        findings.Add(missing.Take(sha256) is { } moved
            ? new(FindingKind.MisnamedObject, node, moved.Label, name, $"It is the object that a digest names {moved.Object.Name}.")
            : new(kind, node, null, name, sha256.StartsWith(batch.Hash, StringComparison.Ordinal)
                ? "No digest names it."
                : $"No digest names it, and its SHA-256 begins with {sha256[..BatchName.HashDigits]}."));
    }
}
