using System.Collections.Concurrent;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Which TrailSelectors are part of a Trail, and why others are not.</summary>
/// <remarks>
/// Guarantees: all TrailSelectors of a Trail are judged together, once after they have changed, the oldest first. Those whose verdict is
/// another than before are reported. The rules of those that no Trail takes up are not in memory.
/// </remarks>
sealed class Attachments(ICluster cluster, ClusterCache cache, SelectorQuota quota)
{
    readonly ConcurrentDictionary<string, Judged> known = new();
    readonly List<Action<ObjectKey>> handlers = [];

    /// <summary>Adds who is called with each TrailSelector whose verdict has changed. Before anything is judged.</summary>
    public void OnJudged(Action<ObjectKey> handler) => handlers.Add(handler);

    /// <summary>Judges the TrailSelectors that name a Trail, whether it exists or not. One call a Trail at a time.</summary>
    public void Judge(string trail)
    {
        var (naming, version) = cache.SelectorIndex.Naming(trail);
        var live = cache.Trails.Find(new(null, trail));
        var state = (version, cache.NamespaceVersion, live?.Metadata.Uid, live?.Metadata.Generation);
        if (naming.Count == 0)
            known.TryRemove(trail, out _);
        else if (!known.TryGetValue(trail, out var before) || before.State != state)
            known[trail] = new(state, Judge(trail, live?.Spec.SelectorPolicy, naming), OverQuota(naming));
    }

    /// <summary>What is added to a Trail. Reads those rules that are not in memory.</summary>
    public async Task<AttachedRules> RulesAsync(string trail, CancellationToken cancellationToken)
    {
        if (!known.TryGetValue(trail, out var judged))
            return AttachedRules.None;
        var contents = new List<SelectorContent>();
        foreach (var selector in judged.Accepted)
        {
            if ((selector.Rules ?? await ReadAsync(selector, cancellationToken)) is { } rules)
                contents.Add(rules);
        }

        return new(
            contents.Count, [.. contents.Select(content => content.Set).Where(set => set.Length > 0)],
            [.. contents.Select(content => content.Workloads)], judged.OverQuota);
    }

    List<KeptSelector> Judge(string trail, SelectorPolicy? policy, IReadOnlyList<KeptSelector> naming)
    {
        var accepted = new List<KeptSelector>();
        var room = new SelectorRoom(quota, trail);
        var byAge = naming.OrderBy(selector => selector.Metadata.CreationTimestamp)
            .ThenBy(selector => selector.Metadata.NamespaceProperty, StringComparer.Ordinal)
            .ThenBy(selector => selector.Metadata.Name, StringComparer.Ordinal);
        foreach (var selector in byAge.Where(selector => selector.Metadata.DeletionTimestamp is null))
        {
            var refused = Refusal(selector, trail, policy) ?? Wrong(selector) ?? room.Take(selector);
            if (refused is null)
                accepted.Add(selector);
            else
                cache.SelectorIndex.Drop(selector);
            var verdict = new SelectorVerdict(refused);
            if (selector.Verdict == verdict)
                continue;
            selector.Verdict = verdict;
            handlers.ForEach(handler => handler(selector.Key));
        }

        return accepted;
    }

    async Task<SelectorContent?> ReadAsync(KeptSelector selector, CancellationToken cancellationToken)
    {
        var live = await cluster.GetAsync<TrailSelector>(selector.Key, cancellationToken);
        // Another one is about to be noticed, and judged then.
        if (live is null || KeptSelector.Of(live, quota) is not { Rules: { } rules } read || !read.HasRulesOf(selector))
            return null;
        cache.SelectorIndex.Hold(selector, rules);
        return rules;
    }

    static Rejection? Wrong(KeptSelector selector) => selector.Problem is { } problem ? new("InvalidRules", problem) : null;

    static IReadOnlyList<KeyValuePair<string, int>> OverQuota(IReadOnlyList<KeptSelector> judged) =>
    [
        .. judged.Where(selector => selector.Verdict?.Refused is { } refused && SelectorRoom.IsOver(refused))
            .CountBy(selector => selector.Metadata.NamespaceProperty)
            .OrderBy(count => count.Key, StringComparer.Ordinal),
    ];

    Rejection? Refusal(TrailSelector selector, string trail, SelectorPolicy? policy) => policy switch
    {
        null => new("TrailNotFound", $"There is no Trail {trail}. Correct spec.trail, or ask an admin for that Trail."),
        { From: SelectorPolicyFrom.None } =>
            new("NotAllowed",
                $"Trail {trail} accepts no TrailSelectors: its spec.selectorPolicy.from is None; an admin can set All or Selector."),
        { From: SelectorPolicyFrom.Selector, Selector: { } labels }
            when !labels.Matches(LabelsOf(selector.Metadata.NamespaceProperty!)) =>
            new(
                "NotAllowed",
                $"Trail {trail} accepts TrailSelectors of some namespaces only, and the labels of {selector.Metadata.NamespaceProperty} "
                    + "do not match its spec.selectorPolicy.selector; an admin can label the namespace."),
        _ => null,
    };

    IReadOnlyDictionary<string, string> LabelsOf(string name) =>
        cache.Namespaces.Find(new(null, name))?.LabelMap ?? new Dictionary<string, string>();

    sealed record Judged(
        (long Selectors, long Namespaces, string? Uid, long? Generation) State, IReadOnlyList<KeptSelector> Accepted,
        IReadOnlyList<KeyValuePair<string, int>> OverQuota);
}
