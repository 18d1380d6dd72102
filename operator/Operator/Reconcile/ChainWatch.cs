using ClusterTrail.Operator.Anchors;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Operator.Chains;
using ClusterTrail.Operator.Events;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Takes what a Trail's agents say of their chains of digests, and reports what people should know.</summary>
sealed class ChainWatch(ChainRegistry registry, AnchorKeeper anchors, ClusterCache cache, EventRecorder events)
{
    // An Event has room for so many names.
    const int MostNames = 15;

    /// <summary>The same view with what is known of the chains; without it if the Trail has no digests.</summary>
    public async Task<TrailView> LookAsync(TrailView view, CancellationToken cancellationToken)
    {
        if (!view.Trail.Spec.Integrity.Enabled)
            return view;
        var reports = view.Reporting.Concat(view.Workloads?.Reporting ?? []).Select(one => one.Status).ToList();
        var (chains, news) = await registry.TakeAsync(
            view.Trail, reports, name => cache.Nodes.Find(new(null, name)) is not null, cancellationToken);
        if (view.Trail.Status?.Integrity?.OperatorKeyId is { } former && chains.OperatorKeyId is { } key && key != former)
        {
            await events.TryWriteAsync(
                view.Trail, "Warning", "SigningKeyChanged", null,
                $"The operator signs key records with another key: {key}, and no longer {former}. Its Secret was replaced. "
                    + "Give auditors the new public key (kubectl trail keys export), unless nobody knows why.",
                cancellationToken);
        }

        foreach (var same in news.GroupBy(one => one.What))
            await WriteAsync(view.Trail, same.Key, [.. same], chains, cancellationToken);
        return view with
        {
            Chains = chains,
            Anchors = anchors.Of(view.Trail.Metadata.Name),
            Workloads = view.Workloads is { } workloads ? workloads with { Chains = chains } : null,
        };
    }

    Task<bool> WriteAsync(
        Trail trail, ChainNews what, IReadOnlyList<SeenChain> seen, ChainsView chains, CancellationToken cancellationToken)
    {
        var names = string.Join(", ", seen.Select(one => $"{one.Node} ({one.Chain})").Order(StringComparer.Ordinal).Take(MostNames));
        var whose = seen.Count > MostNames ? $"{names} and {seen.Count - MostNames} more" : names;
        var (type, reason, note) = what switch
        {
            ChainNews.Enrolled => ("Normal", "KeysEnrolled",
                $"The operator's key {chains.OperatorKeyId} enrols the signing keys of the agents of {whose}."),
            ChainNews.Retired => ("Normal", "KeysRetired",
                $"The signing keys of agents are retired, because the cluster has lacked their nodes for a day: {whose}."),
            ChainNews.Replaced => ("Warning", "ChainReplaced",
                $"Agents lost their state folder and began other chains of digests, which are enrolled: {whose}. "
                    + "If nobody removed it or made the node anew, look who did. "
                    + "kubectl trail verify shows whether the former chains are whole."),
            _ => ("Warning", "ChainMovedBack", $"Chains of digests went back or forked: {whose}. See the condition Intact."),
        };
        return events.TryWriteAsync(trail, type, reason, null, note, cancellationToken);
    }
}
