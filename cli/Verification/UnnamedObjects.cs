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
    // An agent seals a few between two digests; more would be a flood.
    const int MostNotSealed = 50_000;

    readonly List<(string Name, BatchName Batch)> notSealed = [];

    public async Task FindAsync(string date, MissingObjects missing, FindingLog findings, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var strays = new List<string>();
        await foreach (var one in store.ObjectsAsync(node.EventsFolder(date), cancellationToken))
        {
            if (BatchName.TryParse(one.Name, out var batch) && batch.ToString() == one.Name)
                names.Add(one.Name);
            else if (one.Name.EndsWith('/') && one.Name != node.EventsFolder(date))
                await foreach (var stray in StrayObjects.BelowAsync(store, one.Name, cancellationToken))
                    strays.Add(stray);
            else if (StrayObjects.IsLike(one.Name))
                strays.Add(one.Name);
        }

        foreach (var stray in strays.Order(StringComparer.Ordinal))
            await ReportStrayAsync(stray, missing, findings, cancellationToken);
        if (names.Count == 0 || named.Matches(date, names))
            return;
        await RemoveNamedAsync(names, named.DigestsOf(date), cancellationToken);
        foreach (var name in names.Order(StringComparer.Ordinal))
            await ReportAsync(name, missing, findings, cancellationToken);
    }

    async Task RemoveNamedAsync(HashSet<string> names, Range digests, CancellationToken cancellationToken)
    {
        // What is wrong with them was reported when they were read the first time.
        var reader = new DigestReader(store, node, catalog, new(), scope);
        var again = catalog.Entries.Index().Take(digests).Select(entry => (entry.Index, false)).ToList();
        await foreach (var (_, reading) in new DigestSequence(store, catalog, reader).ReadAsync(again, cancellationToken))
            foreach (var one in reading.Digest?.Objects ?? [])
                names.Remove(one.Name);
    }

    async Task ReportAsync(string name, MissingObjects missing, FindingLog findings, CancellationToken cancellationToken)
    {
        _ = BatchName.TryParse(name, out var batch);
        if (!scope.Contains(batch.FirstEvent))
            return;
        var kind = rules.KindOf(batch);
        if (kind == FindingKind.NotSealed && notSealed.Count < MostNotSealed)
        {
            notSealed.Add((name, batch));
            return;
        }

        kind = kind == FindingKind.NotSealed ? rules.KindOf(batch, mayCome: false) : kind;
        await ReportAsync(kind, name, batch, missing, findings, cancellationToken);
    }

    /// <summary>
    /// All days were searched. What the next digest has yet to name has the numbers from its first one on, without a hole.
    /// </summary>
    /// <param name="dates">All of the node: what comes before an object may lie outside of the period.</param>
    public async Task EndAsync(
        IReadOnlyCollection<string> dates, MissingObjects missing, FindingLog findings, CancellationToken cancellationToken)
    {
        var numbers = NumbersOf(notSealed.Select(one => one.Batch));
        if (notSealed.Any(one => !rules.Follows(one.Batch, numbers[one.Batch.Source])))
            numbers = NumbersOf([.. notSealed.Select(one => one.Batch), .. await ToComeAsync(dates, cancellationToken)]);
        foreach (var (name, batch) in notSealed)
            await ReportAsync(
                rules.KindOf(batch, rules.Follows(batch, numbers[batch.Source])), name, batch, missing, findings, cancellationToken);
    }

    static Dictionary<string, List<long>> NumbersOf(IEnumerable<BatchName> batches) => batches.GroupBy(batch => batch.Source)
        .ToDictionary(source => source.Key, source => source.Select(batch => batch.Sequence).Distinct().Order().ToList());

    async Task<List<BatchName>> ToComeAsync(IEnumerable<string> dates, CancellationToken cancellationToken)
    {
        var batches = new List<BatchName>();
        foreach (var date in dates)
            await foreach (var one in store.ObjectsAsync(node.EventsFolder(date), cancellationToken))
                if (BatchName.TryParse(one.Name, out var batch) && rules.IsToCome(batch) && batches.Count < MostNotSealed)
                    batches.Add(batch);
        return batches;
    }

    async Task ReportAsync(
        FindingKind kind, string name, BatchName batch, MissingObjects missing, FindingLog findings, CancellationToken cancellationToken)
    {
        if (kind != FindingKind.UnnamedObject)
        {
            findings.Add(new(kind, node, null, name, kind.Meaning()));
            return;
        }

        await ReportAsync(
            name, sha256 => sha256.StartsWith(batch.Hash, StringComparison.Ordinal)
                ? "No digest names it."
                : $"No digest names it, and its SHA-256 begins with {sha256[..BatchName.HashDigits]}.",
            missing, findings, cancellationToken);
    }

    // A reader of the archive takes it for one, wherever in the node's folder it lies.
    Task ReportStrayAsync(string name, MissingObjects missing, FindingLog findings, CancellationToken cancellationToken) => ReportAsync(
        name, _ => "No digest names it, and no object of an archive has a name like this.", missing, findings, cancellationToken);

    async Task ReportAsync(
        string name, Func<string, string> message, MissingObjects missing, FindingLog findings, CancellationToken cancellationToken)
    {
        var sha256 = await ObjectHasher.HashAsync(store, name, cancellationToken);
        if (sha256 is null)
            return;
        findings.Add(missing.Take(sha256) is { } moved
            ? new(FindingKind.MisnamedObject, node, moved.Label, name, $"It is the object that a digest names {moved.Object.Name}.")
            : new(FindingKind.UnnamedObject, node, null, name, message(sha256)));
    }
}
