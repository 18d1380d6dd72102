using System.Globalization;
using ClusterTrail.Verification.Chains;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Stores;
using ClusterTrail.Verification.Sums;

namespace ClusterTrail.Verification;

/// <summary>Checks an archive against its digests, one node after the other, several at once.</summary>
/// <remarks>Guarantee: at no time more is held than the names of the digests of a few nodes, and findings up to a limit.</remarks>
public sealed class Verifier(IArchiveStore store, VerificationOptions options, IVerificationProgress progress)
{
    const int MostNodesAtOnce = 4;

    readonly List<NodeResult> results = [];
    readonly ILookup<ArchiveNode, KnownHead> heads = options.Heads.ToLookup(head => head.Node);

    /// <exception cref="StoreException">The archive cannot be listed.</exception>
    public async Task<VerificationResult> VerifyAsync(CancellationToken cancellationToken)
    {
        var tree = new ArchiveTree(store, options.Scope);
        var nodes = await tree.FindAsync(cancellationToken);
        using var gate = new SemaphoreSlim(store.Concurrency);
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Min(MostNodesAtOnce, Math.Max(2, Environment.ProcessorCount)),
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(nodes, parallel, async (node, token) =>
        {
            var result = await VerifySafelyAsync(node, gate, token);
            lock (results)
                results.Add(result);
        });
        return Collect(nodes, tree.Strays);
    }

    // Whoever can write to a node's part of the archive must not keep the others from being verified.
    async Task<NodeResult> VerifySafelyAsync(NodeFolders node, SemaphoreSlim gate, CancellationToken cancellationToken)
    {
        try
        {
            return await VerifyAsync(node, gate, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var findings = new FindingLog();
            findings.Add(new(
                FindingKind.Unreadable, node.Node, null, $"{node.Node}",
                $"It is not verified, because the verifier failed: {e.Message.TrimEnd('.')} ({e.GetType().Name})."));
            return new([], findings, 0);
        }
    }

    // What looks wrong in a period may be right with what stands outside of it; that is read only then.
    async Task<NodeResult> VerifyAsync(NodeFolders node, SemaphoreSlim gate, CancellationToken cancellationToken)
    {
        var own = options.Of(node.Node) with { Heads = [.. heads[node.Node]] };
        var isLimited = own.Scope.IsLimited;
        var result = await new NodeVerifier(store, own, node, gate, progress, isWhole: !isLimited).VerifyAsync(cancellationToken);
        return isLimited && (result.NeedsWhole || result.Findings.Counts.Any(one => one.Kind.Fails()))
            ? await new NodeVerifier(store, own, node, gate, progress, isWhole: true).VerifyAsync(cancellationToken)
            : result;
    }

    VerificationResult Collect(IReadOnlyList<NodeFolders> nodes, (IReadOnlyList<string> First, long Count) strays)
    {
        var findings = new FindingLog();
        foreach (var result in results)
            findings.AddAll(result.Findings);
        var chains = results.SelectMany(result => result.Chains)
            .OrderBy(chain => chain.Node, ArchiveNode.Order).ThenBy(chain => chain.Label, StringComparer.Ordinal)
            .ThenBy(chain => chain.From).ToList();
        foreach (var finding in options.Found)
            findings.Add(finding);
        // Where it goes on from places, chains that ended are not compared with heads.
        if (options.Places.Count == 0)
            UnanchoredChains.Report(chains, options.Heads, findings);
        ReportHeadsElsewhere(nodes, findings);
        ReportStrays(strays.First, strays.Count, findings);
        if (chains.All(chain => chain.Digests == 0))
            findings.Add(new(
                FindingKind.NothingFound, null, null, store.Name,
                options.Scope.IsLimited ? "No digest that counts was sealed in the period." : "There is no digest that counts."));
        return new()
        {
            Location = store.Name,
            Options = options with { Notes = [.. options.Notes, .. KeyNotes(nodes)] },
            Nodes = [.. nodes.Select(node => node.Node)],
            Chains = chains,
            Findings = findings,
            KeyRecords = results.SumSafely(result => result.KeyRecords),
        };
    }

    // Who has taken over one cluster could speak for the others.
    IEnumerable<string> KeyNotes(IReadOnlyList<NodeFolders> nodes)
    {
        var unnamed = options.Trusted.Operators.Count(key => !options.Trusted.Clusters.ContainsKey(key.Id));
        var clusters = nodes.Select(node => node.Node.Cluster).Distinct().Count();
        if (clusters > 1 && unnamed > 0)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{unnamed} of {options.Trusted.Operators.Count} keys of operators name no cluster, so each counts for all {clusters} "
                    + $"clusters of the archive. A line \"# cluster: NAME\" before a key in its file binds it.");
    }

    static void ReportStrays(IReadOnlyList<string> first, long count, FindingLog findings)
    {
        const string Message = "It lies where no object of an archive does, and is named like one.";
        foreach (var (at, name) in first.Index())
            findings.Add(new(FindingKind.UnnamedObject, null, null, name, Message) { Count = at == 0 ? count - first.Count + 1 : 1 });
    }

    void ReportHeadsElsewhere(IReadOnlyList<NodeFolders> nodes, FindingLog findings)
    {
        var known = nodes.Select(node => node.Node).ToHashSet();
        var elsewhere = options.Heads.Where(head => IsInScope(head) && !known.Contains(head.Node)).ToList();
        foreach (var same in elsewhere.GroupBy(head => (head.Node, head.Label, head.Head.ChainId)))
        {
            var furthest = same.Where(head => head.WaitingSince is null).Select(head => head.Head.Sequence).DefaultIfEmpty().Max();
            WaitingHeads.Report([.. same], furthest, mayCome: true, (same.Key.Node, same.Key.Label, options.Scope, options.Now), findings);
        }

        foreach (var head in elsewhere.Where(head => head.WaitingSince is null))
        {
            var (sequence, chainId) = (head.Head.Sequence, head.Head.ChainId);
            var message = $"{head.Origin} knows the chain {chainId} up to this digest, and the archive has nothing of the node.";
            findings.Add(new(FindingKind.CutOffTail, head.Node, head.Label, $"digest {sequence}", message) { Count = sequence });
        }
    }

    bool IsInScope(KnownHead head) =>
        (options.Scope.Cluster is null || options.Scope.Cluster == head.Node.Cluster)
        && (options.Scope.Trail is null || options.Scope.Trail == head.Node.Trail)
        && (options.Scope.Node is null || options.Scope.Node == head.Node.Node);
}
