using System.Collections.Concurrent;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract.Status;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Chains;

/// <summary>Which chains of digests agents have, how far they are, and whose their keys are: docs/decisions/0029.</summary>
/// <remarks>
/// Guarantees: a head only ever moves forward. An enrolment or a retirement is kept before an agent gets it, and is offered until the
/// archive has it.
/// </remarks>
sealed class ChainRegistry(OperatorKey signer, ChainShards shards, TimeProvider time) : IDisposable
{
    readonly ConcurrentDictionary<string, TrailChains> trails = new();

    /// <summary>A new leader does not know what another replica has kept meanwhile.</summary>
    public void ForgetAll()
    {
        trails.Clear();
        signer.Forget();
    }

    public void Dispose() => signer.Dispose();

    /// <summary>What the agent of a node is to store. For other threads.</summary>
    public IReadOnlyList<PendingRecord> PendingFor(AgentStatus status) =>
        status.Integrity is { } report && trails.TryGetValue(status.Agent.Trail, out var chains)
            ? chains.PendingFor(OwnerOf(status, report))
            : [];

    /// <summary>
    /// How far the chains of a Trail are, as the ConfigMaps have it and agents have said to this operator. For other threads.
    /// </summary>
    public IReadOnlyList<KnownChain> HeadsOf(string trail) => trails.GetValueOrDefault(trail)?.Vouched ?? [];

    /// <summary>The operator's key, which the caller disposes of, or why there is none. For other threads.</summary>
    public Task<(SigningKey? Key, Rejection? Problem)> KeyAsync(CancellationToken cancellationToken) => signer.FindAsync(cancellationToken);

    /// <summary>Takes what agents say of their chains. One call a Trail at a time.</summary>
    /// <param name="trail">The Trail.</param>
    /// <param name="reports">Of all its agents that answer.</param>
    /// <param name="isNode">Whether the cluster has a node.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<(ChainsView View, IReadOnlyList<SeenChain> News)> TakeAsync(
        Trail trail, IReadOnlyList<AgentStatus> reports, Func<string, bool> isNode, CancellationToken cancellationToken)
    {
        var view = new ChainsView();
        try
        {
            var chains = await ChainsOfAsync(trail.Metadata.Name, cancellationToken);
            var (key, problem) = await signer.FindAsync(cancellationToken);
            using (key)
            {
                view = new()
                {
                    OperatorKeyId = key?.Public.Id,
                    OperatorPublicKey = key?.Public.Base64,
                    Problem = problem,
                };
                var ofTrail = OfTrail(trail, reports);
                var (news, unsigned) = key is null
                    ? ([], null) : Take(chains, new(trail.Metadata.Name, key, time.GetUtcNow()), ofTrail, isNode);
                view = unsigned is null ? view : view with { Problem = OperatorKey.Unavailable(unsigned) };
                await SaveAsync(trail.Metadata.Name, chains, cancellationToken);
                chains.Offer(ofTrail.Count == 0 ? null : ofTrail.MinBy(one => one.Owner.Node, StringComparer.Ordinal).Owner);
                return (chains.View(view, trail.Spec.ClusterName), news);
            }
        }
        catch (Exception e) when (
            e is KubernetesException or InvalidDataException or IOException or HttpRequestException or TimeoutException)
        {
            var known = trails.GetValueOrDefault(trail.Metadata.Name);
            view = view with
            {
                Problem = new("ChainsNotKept", $"The operator cannot keep what it knows of chains of digests: {e.Message}"),
            };
            return (known?.View(view, trail.Spec.ClusterName) ?? view, []);
        }
    }

    // What cannot be signed now is tried again at the next look; what needs no signature goes on.
    static (List<SeenChain> News, string? Unsigned) Take(
        TrailChains chains, ChainRules rules, List<(ChainOwnerKey Owner, IntegrityStatus Report)> reports, Func<string, bool> isNode)
    {
        var news = new List<SeenChain>();
        string? unsigned = null;
        foreach (var (owner, report) in reports)
        {
            var before = chains.Find(owner);
            Note(owner, before, () => rules.Take(before, owner, report, before is not null && chains.IsReported(before)));
            chains.NoteReported(owner, report);
        }


        var seen = reports.Select(one => one.Owner).ToHashSet();
        var stored = reports.SelectMany(one => one.Report.Records ?? []).ToHashSet();
        foreach (var chain in chains.All.ToList())
        {
            var isThere = seen.Contains(chain.Key) || isNode(chain.Node);
            Note(chain.Key, chain, () => !isThere
                ? rules.Miss(ChainRules.Stored(chain, stored))
                : (chain.GoneSince is null ? chain : chain with { GoneSince = null }, ChainNews.None));
        }

        return (news, unsigned);

        void Note(ChainOwnerKey owner, KnownChain? before, Func<(KnownChain? After, ChainNews News)> next)
        {
            var (after, what) = (before, ChainNews.None);
            try
            {
                (after, what) = next();
            }
            catch (KeyUnavailableException e)
            {
                unsigned ??= e.Message;
            }

            chains.Set(owner, after, isUrgent: what != ChainNews.None);
            if (what != ChainNews.None)
                news.Add(new(what, owner.Node, owner.Chain));
        }
    }

    async Task SaveAsync(string trail, TrailChains chains, CancellationToken cancellationToken)
    {
        foreach (var shard in chains.Due(time.GetUtcNow()))
        {
            await shards.SaveAsync(trail, shard, chains.Of(shard), cancellationToken);
            chains.NoteSaved(shard, time.GetUtcNow());
        }
    }

    async Task<TrailChains> ChainsOfAsync(string trail, CancellationToken cancellationToken) =>
        trails.TryGetValue(trail, out var known) ? known : trails[trail] = new(await shards.LoadAsync(trail, cancellationToken));

    // An agent that has not signed yet has nothing to enrol, and one that runs an older configuration is another's.
    static List<(ChainOwnerKey Owner, IntegrityStatus Report)> OfTrail(Trail trail, IReadOnlyList<AgentStatus> reports) =>
    [
        .. from status in reports
           where status.Integrity is { ChainId: not null, KeyId: not null, PublicKey: not null, Sequence: > 0 }
               && status.Agent.ClusterName == trail.Spec.ClusterName
           select (OwnerOf(status, status.Integrity!), status.Integrity!),
    ];

    static ChainOwnerKey OwnerOf(AgentStatus status, IntegrityStatus report) =>
        new(status.Agent.ClusterName, status.Agent.NodeName, report.Chain);
}

/// <summary>Something that happened to a chain.</summary>
readonly record struct SeenChain(ChainNews What, string Node, string Chain);
