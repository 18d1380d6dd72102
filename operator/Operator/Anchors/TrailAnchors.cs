using System.Collections.Concurrent;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Operator.Chains;

namespace ClusterTrail.Operator.Anchors;

/// <summary>The anchors of one Trail: which are behind, and writing them.</summary>
sealed class TrailAnchors(TimeSpan interval, TimeProvider time)
{
    const int AtOnce = 16;

    // Too many failures in a row are not the chains' own.
    const int MostFailures = 16;

    // A chain may catch up with its anchor, and somebody may mend one.
    static readonly TimeSpan LookAgainAfter = TimeSpan.FromMinutes(5);

    readonly ConcurrentDictionary<ChainOwnerKey, Anchored> anchored = new();
    readonly ConcurrentDictionary<ChainOwnerKey, Held> held = new();

    /// <summary>How many chains have an anchor of this operator's.</summary>
    public int Count => anchored.Count;

    /// <summary>Of each chain that cannot be anchored because of what lies in its place: why.</summary>
    public IReadOnlyList<AnchorException> Problems => [.. held.Values.Select(one => one.Problem)];

    /// <summary>Forgets chains that are no more, and says whether anything is behind.</summary>
    public bool HasDue(IReadOnlyList<KnownChain> chains)
    {
        var known = chains.Select(chain => (chain.Key, chain.ChainId)).ToHashSet();
        foreach (var gone in anchored.Keys.Except(chains.Select(chain => chain.Key)))
            anchored.TryRemove(gone, out _);
        foreach (var (owner, one) in held)
            if (!known.Contains((owner, one.ChainId)))
                held.TryRemove(owner, out _);
        return chains.Any(IsDue);
    }

    /// <summary>Writes what is behind.</summary>
    /// <param name="trail">The Trail's name.</param>
    /// <param name="onWritten">Counts.</param>
    /// <returns>
    /// What stood in the way this time: of each chain whose place has something else, and of those that could not be written.
    /// </returns>
    public async Task<IReadOnlyList<AnchorException>> TurnAsync(
        string trail, IReadOnlyList<KnownChain> chains, IAnchorStore store, SigningKey key, Action onWritten,
        CancellationToken cancellationToken)
    {
        var problems = new ConcurrentQueue<AnchorException>();
        using var signing = new SemaphoreSlim(1, 1);
        await Parallel.ForEachAsync(
            chains.Where(IsDue), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (chain, stopping) =>
            {
                if (problems.Count(problem => !problem.IsOfChain) >= MostFailures)
                    return;
                try
                {
                    var owner = new ChainOwner(chain.Cluster, trail, chain.Node, chain.Chain);
                    if (await TakeAsync(owner, chain, store, new(key, signing), stopping))
                        onWritten();
                }
                catch (AnchorException e)
                {
                    problems.Enqueue(e);
                    if (e.IsOfChain)
                        held[chain.Key] = new(chain.ChainId, e, time.GetUtcNow());
                }
                catch (KeyUnavailableException e)
                {
                    problems.Enqueue(new("SigningKeyUnavailable", e.Message, e));
                }
                // What is kept of a chain cannot be written: it must not keep the others from being anchored.
                catch (ArgumentException e)
                {
                    problems.Enqueue(new("AnchorFailed", $"The chain {chain.Chain} on {chain.Node} cannot be anchored: {e.Message}", e));
                }
            });
        return [.. problems];
    }

    bool IsDue(KnownChain chain)
    {
        if (chain.Head is not { Sha256: not null, Sequence: > 0 } || IsHeld(chain))
            return false;
        // Also where another chain followed: who restarts an agent's chain again and again must not make an object each time.
        return !anchored.TryGetValue(chain.Key, out var last)
            || (last.Head != HeadOf(chain) && (time.GetUtcNow() - last.At).Duration() >= interval);
    }

    bool IsHeld(KnownChain chain) =>
        held.TryGetValue(chain.Key, out var one) && one.ChainId == chain.ChainId
            && (time.GetUtcNow() - one.At).Duration() < LookAgainAfter;

    // Whether it was written.
    async Task<bool> TakeAsync(ChainOwner owner, KnownChain chain, IAnchorStore store, Signer signer, CancellationToken cancellationToken)
    {
        var name = ChainAnchor.NameOf(owner, chain.ChainId);
        var known = anchored.GetValueOrDefault(chain.Key);
        // After a start, where another chain followed, or after somebody else wrote, only what is there says how far it was.
        if (known?.Head?.ChainId != chain.ChainId)
        {
            (known, var isEnough) = await FindAsync(name, owner, chain, store, signer.Key, cancellationToken);
            held.TryRemove(chain.Key, out _);
            if (isEnough)
            {
                anchored[chain.Key] = known;
                return false;
            }
        }

        // An agent can show another chain for a while, and then this one as it was before.
        else if (AnchorRules.Against(known.Head, known.At, chain) is { } problem)
        {
            throw new AnchorException(AnchorException.Ahead, problem);
        }

        await WriteAsync(name, owner, chain, store, signer, known!.Tag, cancellationToken);
        return true;
    }

    async Task<(Anchored Known, bool IsEnough)> FindAsync(
        string name, ChainOwner owner, KnownChain chain, IAnchorStore store, SigningKey key, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(name, cancellationToken) is not { } found)
            return (new(null, null, DateTimeOffset.MinValue), false);
        var there = FoundAnchor.Read(found.Bytes, owner, chain, key.Public);
        if (AnchorRules.Against(there.Head, there.AnchoredAt, chain) is { } problem)
            throw new AnchorException(AnchorException.Ahead, problem);
        // What a former key signed is signed anew: auditors may trust only the key that counts now.
        var isOwn = there.OperatorKeyId == key.Public.Id;
        var isNew = there.Head == HeadOf(chain) || (time.GetUtcNow() - there.AnchoredAt).Duration() < interval;
        return (new(there.Head, found.Tag, there.AnchoredAt), isOwn && isNew);
    }

    async Task WriteAsync(
        string name, ChainOwner owner, KnownChain chain, IAnchorStore store, Signer signer, string? tag,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var anchor = new ChainAnchor
        {
            Owner = owner,
            Head = HeadOf(chain),
            Until = chain.Head.Until ?? now,
            AnchoredAt = now,
            Interval = interval,
            FormerHead = chain.FormerHead,
            OperatorKeyId = signer.Key.Public.Id,
        };
        try
        {
            var written = await store.WriteAsync(name, await SignAsync(anchor, signer, cancellationToken), tag, cancellationToken);
            anchored[chain.Key] = new(anchor.Head, written, now);
        }
        catch (AnchorException)
        {
            anchored.TryRemove(chain.Key, out _);
            throw;
        }
    }

    static async Task<byte[]> SignAsync(ChainAnchor anchor, Signer signer, CancellationToken cancellationToken)
    {
        await signer.Gate.WaitAsync(cancellationToken);
        try
        {
            return SignedObject.Sign(anchor.ToJson(), signer.Key).Bytes.ToArray();
        }
        finally
        {
            signer.Gate.Release();
        }
    }

    static ChainHead HeadOf(KnownChain chain) => new(chain.ChainId, chain.Head.Sequence, chain.Head.Sha256!);

    sealed record Anchored(ChainHead? Head, string? Tag, DateTimeOffset At);

    /// <summary>A chain that cannot be anchored because of what lies in its place.</summary>
    sealed record Held(string ChainId, AnchorException Problem, DateTimeOffset At);

    /// <summary>A key, which one thread at a time uses.</summary>
    readonly record struct Signer(SigningKey Key, SemaphoreSlim Gate);
}
