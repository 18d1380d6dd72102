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

    readonly ConcurrentDictionary<ChainOwnerKey, Anchored> anchored = new();

    /// <summary>How many chains have an anchor of this operator's.</summary>
    public int Count => anchored.Count;

    /// <summary>Whether anything is behind.</summary>
    public bool HasDue(IReadOnlyList<KnownChain> chains) => chains.Any(IsDue);

    /// <summary>Writes what is behind.</summary>
    /// <param name="trail">The Trail's name.</param>
    /// <param name="onWritten">Counts.</param>
    /// <returns>What stands in the way: of each chain that is ahead, and of those that could not be written.</returns>
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
                if (problems.Count(problem => problem.Code != Ahead) >= MostFailures)
                    return;
                try
                {
                    await TakeAsync(trail, chain, store, key, signing, onWritten, stopping);
                }
                catch (AnchorException e)
                {
                    problems.Enqueue(e);
                }
                catch (KeyUnavailableException e)
                {
                    problems.Enqueue(new("SigningKeyUnavailable", e.Message, e));
                }
            });
        foreach (var gone in anchored.Keys.Except(chains.Select(chain => chain.Key)))
            anchored.TryRemove(gone, out _);
        return [.. problems];
    }

    /// <summary>The code of an anchor that is further than what is known.</summary>
    public const string Ahead = "AnchorAhead";

    bool IsDue(KnownChain chain) =>
        chain is { Sha256: not null, Sequence: > 0 }
            && (!anchored.TryGetValue(chain.Key, out var last)
                || (last.Head != HeadOf(chain) && (time.GetUtcNow() - last.At).Duration() >= interval));

    async Task TakeAsync(
        string trail, KnownChain chain, IAnchorStore store, SigningKey key, SemaphoreSlim signing, Action onWritten,
        CancellationToken cancellationToken)
    {
        var owner = new ChainOwner(chain.Cluster, trail, chain.Node, chain.Chain);
        var name = ChainAnchor.NameOf(owner);
        var known = anchored.GetValueOrDefault(chain.Key);
        // After a start, or after somebody else wrote, only what is there says how far it was.
        if (known is null)
        {
            var found = await store.ReadAsync(name, cancellationToken);
            var there = found is { } one ? Parse(one.Bytes) : null;
            if (AnchorRules.Judge(there, chain) is { Problem: { } problem })
                throw new AnchorException(Ahead, problem);
            known = new(there?.Head, found?.Tag, there?.AnchoredAt ?? DateTimeOffset.MinValue);
            if (there is not null && (there.Head == HeadOf(chain) || (time.GetUtcNow() - there.AnchoredAt).Duration() < interval))
            {
                anchored[chain.Key] = known;
                return;
            }
        }

        var now = time.GetUtcNow();
        var anchor = new ChainAnchor
        {
            Owner = owner,
            Head = HeadOf(chain),
            Until = chain.Until ?? now,
            AnchoredAt = now,
            OperatorKeyId = key.Public.Id,
        };
        try
        {
            var tag = await store.WriteAsync(name, await SignAsync(anchor, key, signing, cancellationToken), known.Tag, cancellationToken);
            anchored[chain.Key] = new(anchor.Head, tag, now);
            onWritten();
        }
        catch (AnchorException)
        {
            anchored.TryRemove(chain.Key, out _);
            throw;
        }
    }

    static async Task<byte[]> SignAsync(ChainAnchor anchor, SigningKey key, SemaphoreSlim signing, CancellationToken cancellationToken)
    {
        await signing.WaitAsync(cancellationToken);
        try
        {
            return SignedObject.Sign(anchor.ToJson(), key).Bytes.ToArray();
        }
        finally
        {
            signing.Release();
        }
    }

    // What is no anchor says nothing, and is replaced.
    static ChainAnchor? Parse(byte[] bytes)
    {
        try
        {
            return ChainAnchor.Read(SignedObject.Read(bytes));
        }
        catch (DigestException)
        {
            return null;
        }
    }

    static ChainHead HeadOf(KnownChain chain) => new(chain.ChainId, chain.Sequence, chain.Sha256!);

    sealed record Anchored(ChainHead? Head, string? Tag, DateTimeOffset At);
}
