using ClusterTrail.Archive;
using ClusterTrail.Verification.Chains;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Keys;
using ClusterTrail.Verification.Objects;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Verification;

/// <summary>Verifies one node: its keys, its chains, the objects that they name, and that there are no others.</summary>
/// <param name="isWhole">Whether the digests outside of the period are read too, for what they say of those in it.</param>
sealed class NodeVerifier(
    IArchiveStore store, VerificationOptions options, NodeFolders folders, SemaphoreSlim gate, IVerificationProgress progress, bool isWhole)
{
    readonly FindingLog findings = new();
    readonly NamedObjects named = new();
    readonly MissingObjects missing = new();
    readonly Dictionary<string, LabelCheck> labels = new(StringComparer.Ordinal);
    int position;
    NodeContext? context;

    public async Task<NodeResult> VerifyAsync(CancellationToken cancellationToken)
    {
        var keys = new NodeKeys(store, folders.Node, options.Trusted, findings);
        try
        {
            await keys.ReadAsync(cancellationToken);
            var catalog = await DigestCatalog.ListAsync(store, folders, cancellationToken);
            foreach (var odd in catalog.Odd)
                findings.Add(new(FindingKind.MisnamedObject, folders.Node, null, odd, "No digest has a name that is written like this."));
            await FollowAsync(catalog, keys, cancellationToken);
            if (catalog.Entries.Count > 0)
                await FindUnnamedAsync(catalog, cancellationToken);
            else
                await CountUnnamedAsync(cancellationToken);
            ReportMissing();
        }
        catch (StoreException e)
        {
            findings.Add(new(FindingKind.Unreadable, folders.Node, null, $"{folders.Node}", $"It is not verified whole: {e.Message}."));
        }

        return new(
            [.. labels.Values.SelectMany(label => label.Summaries)], findings, keys.Records, NeedsWhole: context?.NeedsWhole == true);
    }

    async Task FollowAsync(DigestCatalog catalog, NodeKeys keys, CancellationToken cancellationToken)
    {
        var pump = new ObjectPump(store, gate, Judge);
        context = Context(keys, async (batch, isChecked) =>
        {
            named.Add(ArchiveScope.DateOf(batch.Object.FirstEventTime), batch.Object.Name, position);
            if (!isChecked && !options.Scope.Contains(batch.Object.FirstEventTime))
                return;
            progress.Found(1);
            await pump.AddAsync(batch, cancellationToken);
        });
        pump.Start(cancellationToken);
        try
        {
            var reader = new DigestReader(store, folders.Node, catalog, findings, options.Scope);
            await foreach (var (at, reading) in new DigestSequence(store, catalog, reader).ReadAsync(Wanted(catalog), cancellationToken))
            {
                position = at;
                await LabelOf(context, reading.Label).AddAsync(reading);
                progress.Done();
            }
        }
        finally
        {
            await pump.FinishAsync();
        }

        End(context, keys, catalog);
    }

    // In a period, the newest digests say what was still on its way, and those beside it whether one is missing at its edge.
    List<(int Position, bool IsChecked)> Wanted(DigestCatalog catalog)
    {
        var newest = catalog.Newest.ToHashSet();
        var beside = catalog.Entries.Where(entry => options.Scope.Contains(entry.SealedAt))
            .SelectMany(entry => new[] { (entry.Label, entry.Sequence - 1), (entry.Label, entry.Sequence + 1) }).ToHashSet();
        var wanted = catalog.Entries.Index()
            .Select(entry => (entry.Index, entry.Item, IsChecked: options.Scope.Contains(entry.Item.SealedAt)))
            .Where(entry => entry.IsChecked || isWhole || newest.Contains(entry.Item)
                || beside.Contains((entry.Item.Label, entry.Item.Sequence)))
            .Select(entry => (entry.Index, entry.IsChecked)).ToList();
        progress.Found(wanted.Count);
        return wanted;
    }

    void End(NodeContext context, NodeKeys keys, DigestCatalog catalog)
    {
        foreach (var label in context.Heads.Select(head => head.Label).Concat(keys.Enrolments.Select(one => one.Owner.Chain)))
            LabelOf(context, label);
        foreach (var label in labels.Values)
            label.End(catalog);
    }

    async Task FindUnnamedAsync(DigestCatalog catalog, CancellationToken cancellationToken)
    {
        var search = new UnnamedObjects(store, folders.Node, catalog, named, new(labels.Values, context!.AskForWhole), options.Scope);
        foreach (var date in folders.EventDates.Where(options.Scope.ContainsDate))
            await search.FindAsync(date, missing, findings, cancellationToken);
        await search.EndAsync(folders.EventDates, missing, findings, cancellationToken);
    }

    // Without any digest there is nothing to tell them apart by.
    async Task CountUnnamedAsync(CancellationToken cancellationToken)
    {
        var count = 0L;
        foreach (var date in folders.EventDates.Where(options.Scope.ContainsDate))
            await foreach (var one in store.ObjectsAsync(folders.Node.EventsFolder(date), cancellationToken))
                count += BatchName.TryParse(one.Name, out var batch)
                    ? options.Scope.Contains(batch.FirstEvent) ? 1 : 0
                    : StrayObjects.IsLike(one.Name) ? 1 : 0;
        var message = $"The node has {count} objects in the archive, and not one digest.";
        if (count > 0)
            findings.Add(new(FindingKind.UnnamedObject, folders.Node, null, $"{folders.Node}", message) { Count = count });
    }

    void Judge(NamedBatch batch, ObjectResult result)
    {
        progress.Done();
        FindingKind? kind = result.State switch
        {
            ObjectState.Changed => FindingKind.ChangedObject,
            ObjectState.Trailing => FindingKind.TrailingBytes,
            ObjectState.Unreadable => FindingKind.Unreadable,
            _ => null,
        };
        if (result.State == ObjectState.Missing)
            missing.Add(batch);
        else if (kind is { } fault)
            Fail(batch, fault, result.Message);
        else if (batch.IsSigned)
            options.Proven?.Invoke(batch.Object.Name);
    }

    void ReportMissing()
    {
        foreach (var batch in missing.Batches)
        {
            var chain = ChainOf(batch);
            var (source, sequence) = (batch.Object.Source, batch.Object.Sequence);
            if (chain.IsWaiting(source, sequence))
                findings.Add(Found(batch, FindingKind.NotDelivered, "The newest digest of its chain lists it as not delivered yet."));
            else if (!chain.Numbers.IsLost(source, sequence, batch.DigestSequence))
                Fail(
                    batch, FindingKind.MissingObject,
                    $"The digest {batch.DigestSequence} of the chain {batch.Label} names it, and it is not there.");
        }

        if (missing.More > 0)
        {
            var message = $"{missing.More} more objects are not there.";
            findings.Add(new(FindingKind.MissingObject, folders.Node, null, $"{folders.Node}", message) { Count = missing.More });
        }
    }

    void Fail(NamedBatch batch, FindingKind kind, string message)
    {
        findings.Add(Found(batch, kind, message));
        ChainOf(batch).Fail(batch.From);
    }

    ArchiveFinding Found(NamedBatch batch, FindingKind kind, string message) =>
        new(kind, folders.Node, batch.Label, batch.Object.Name, message);

    ChainCheck ChainOf(NamedBatch batch)
    {
        lock (labels)
            return labels[batch.Label].Find(batch.ChainId);
    }

    LabelCheck LabelOf(NodeContext context, string label)
    {
        lock (labels)
        {
            if (!labels.TryGetValue(label, out var check))
                labels[label] = check = new(context, label);
            return check;
        }
    }

    NodeContext Context(NodeKeys keys, Func<NamedBatch, bool, ValueTask> name) => new()
    {
        Node = folders.Node,
        Keys = keys,
        Findings = findings,
        Heads =
        [
            .. options.Heads,
            .. from one in keys.Enrolments
               where one.FormerHead is not null
               let origin = $"The enrolment of the key {one.Key.Id}"
               select new KnownHead(folders.Node, one.Owner.Chain, one.FormerHead!, origin) { IsFormer = true },
        ],
        IsWhole = isWhole,
        Scope = options.Scope,
        Now = options.Now,
        Name = name,
    };
}
