using System.Collections.Concurrent;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Operator.Chains;

/// <summary>The chains of one Trail as the leader knows them, and which of the ConfigMaps are behind.</summary>
/// <remarks>One thread at a time changes it; <see cref="PendingFor"/> is for others.</remarks>
sealed class TrailChains(IEnumerable<KnownChain> kept)
{
    // How far the ConfigMaps' heads may be behind. The head that counts at a failure of the operator is that one.
    static readonly TimeSpan Pace = TimeSpan.FromMinutes(5);

    readonly Dictionary<ChainOwnerKey, KnownChain> chains = kept.DistinctBy(chain => chain.Key).ToDictionary(chain => chain.Key);
    readonly HashSet<int> urgent = [];
    readonly HashSet<int> behind = [];
    readonly DateTimeOffset[] savedAt = new DateTimeOffset[ChainMaps.Count];
    readonly ConcurrentDictionary<ChainOwnerKey, (string ChainId, KnownDigest Head)> reported = new();
    volatile Dictionary<ChainOwnerKey, IReadOnlyList<PendingRecord>> pending = [];

    volatile IReadOnlyList<KnownChain> keptHeads = [.. kept];

    public IReadOnlyCollection<KnownChain> All => chains.Values;

    /// <summary>
    /// The chains as the ConfigMaps have them, behind which nobody falls, as far as their agents have said as much to this operator: what
    /// somebody else wrote into a ConfigMap is not signed. For other threads.
    /// </summary>
    public IReadOnlyList<KnownChain> Vouched =>
        [.. keptHeads.Where(chain => chain.MovedBack is null && IsReported(chain))];

    public KnownChain? Find(ChainOwnerKey owner) => chains.GetValueOrDefault(owner);

    /// <summary>Notes what an agent says of its head, unless its chain went back.</summary>
    public void NoteReported(ChainOwnerKey owner, IntegrityStatus report)
    {
        if (Find(owner) is not { MovedBack: null } chain || chain.ChainId != report.ChainId)
            return;
        var head = ChainMoves.HeadOf(report);
        reported[owner] = reported.TryGetValue(owner, out var said) && said.ChainId == chain.ChainId && said.Head.Sequence > head.Sequence
            ? said : (chain.ChainId, head);
    }

    /// <summary>Whether the agent said to this operator that its chain is as far as this, or further. For other threads.</summary>
    public bool IsReported(KnownChain chain) =>
        reported.TryGetValue(chain.Key, out var said) && said.ChainId == chain.ChainId
            && (said.Head.Sequence > chain.Head.Sequence
                || (said.Head.Sequence == chain.Head.Sequence && said.Head.Sha256 == chain.Head.Sha256));

    /// <param name="isUrgent">Whether it is to be kept at once.</param>
    public void Set(ChainOwnerKey owner, KnownChain? after, bool isUrgent)
    {
        var before = Find(owner);
        if (ReferenceEquals(before, after) || before == after)
            return;
        if (after is not null)
            chains[owner] = after;
        else if (chains.Remove(owner))
            reported.TryRemove(owner, out _);
        (isUrgent ? urgent : behind).Add(ChainShards.Of(owner.Node));
    }

    /// <summary>The ConfigMaps to write now.</summary>
    public IReadOnlyList<int> Due(DateTimeOffset now) =>
        [.. urgent.Union(behind.Where(shard => (now - savedAt[shard]).Duration() >= Pace)).Order()];

    public IEnumerable<KnownChain> Of(int shard) => chains.Values.Where(chain => ChainShards.Of(chain.Node) == shard);

    public void NoteSaved(int shard, DateTimeOffset now)
    {
        urgent.Remove(shard);
        behind.Remove(shard);
        savedAt[shard] = now;
        keptHeads = [.. keptHeads.Where(chain => ChainShards.Of(chain.Node) != shard), .. Of(shard)];
    }

    /// <summary>Offers what is kept to the agents. Records of nodes that are gone go to the agent of another.</summary>
    /// <param name="carrier">Whose agent that is; null while none answers.</param>
    public void Offer(ChainOwnerKey? carrier)
    {
        if (urgent.Count > 0)
            return;
        var offered = chains.Values.Where(chain => chain.GoneSince is null && chain.Pending.Count > 0)
            .ToDictionary(chain => chain.Key, chain => chain.Pending);
        var orphans = chains.Values.Where(chain => chain.GoneSince is not null).SelectMany(chain => chain.Pending).ToList();
        if (carrier is { } by && orphans.Count > 0)
            offered[by] = [.. offered.GetValueOrDefault(by) ?? [], .. orphans];
        pending = offered;
    }

    /// <summary>What an agent is to store, the oldest first.</summary>
    public IReadOnlyList<PendingRecord> PendingFor(ChainOwnerKey owner) => pending.GetValueOrDefault(owner) ?? [];

    /// <param name="with">What else is known.</param>
    /// <param name="cluster">A Trail of the same name may have recorded under another name.</param>
    public ChainsView View(ChainsView with, string cluster) => with with
    {
        Chains = chains.Values.Where(chain => chain.GoneSince is null && chain.Cluster == cluster).ToDictionary(
            chain => (chain.Node, chain.Chain),
            chain => new ChainView(
                chain.Node, chain.Chain, chain.ChainId, chain.Sequence, chain.Sha256, chain.Until, chain.NextBy, chain.EnrolledAt,
                chain.Pending.Count == 0, chain.MovedBack)
            {
                Head = chain.Head,
                WaitingSince = chain.WaitingSince,
            }),
        RecordsWaiting = chains.Values.Where(chain => chain.Cluster == cluster).Sum(chain => chain.Pending.Count),
    };
}
