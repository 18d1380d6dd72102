using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Operator.Chains;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Anchors;

/// <summary>Keeps the heads of chains in a second bucket, for Trails that ask for it: docs/decisions/0033.</summary>
/// <remarks>It works beside the reconciler, which a slow bucket must not hold up. Guarantee: an anchor only ever moves forward.</remarks>
sealed partial class AnchorKeeper(
    ClusterCache cache, ChainRegistry chains, AnchorStores stores, Meter meter, TimeProvider time, ILogger<AnchorKeeper> logger)
{
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    // A bucket that refuses is not asked at every look.
    static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(30);

    readonly AnchorMetrics metrics = new(meter);
    readonly ConcurrentDictionary<string, Place> trails = new();
    readonly ConcurrentDictionary<string, AnchorsView> views = new();
    readonly Turns turns = new();

    DateTimeOffset begunAt;
    volatile bool isBusy;

    /// <summary>Whether nothing is being written, and no look is due.</summary>
    public bool IsIdle => !isBusy && turns.IsIdle && time.GetUtcNow() - begunAt < LookEvery;

    /// <summary>What is known of a Trail's anchors; null before the first look.</summary>
    public AnchorsView? Of(string trail) => views.GetValueOrDefault(trail);

    /// <summary>Another replica may have written meanwhile.</summary>
    public void ForgetAll()
    {
        trails.Clear();
        views.Clear();
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            do
            {
                (isBusy, begunAt) = (true, time.GetUtcNow());
                await LookAsync(cancellationToken);
                isBusy = false;
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        finally
        {
            // None must write when another replica may lead.
            await turns.EndAsync();
        }
    }

    async Task LookAsync(CancellationToken cancellationToken)
    {
        var asked = cache.Trails.Objects.Where(trail => trail.Spec.Integrity is { Enabled: true, Anchor: not null }).ToList();
        foreach (var gone in views.Keys.Except(asked.Select(trail => trail.Metadata.Name)))
        {
            views.TryRemove(gone, out _);
            trails.TryRemove(gone, out _);
        }

        foreach (var trail in asked)
            await turns.BeginAsync(trail.Metadata.Name, () => TurnAsync(trail, trail.Spec.Integrity.Anchor!, cancellationToken));
    }

    async Task TurnAsync(Trail trail, TrailAnchor anchor, CancellationToken cancellationToken)
    {
        var name = trail.Metadata.Name;
        // Another bucket has other anchors.
        var place = trails.AddOrUpdate(name, _ => New(anchor), (_, known) => known.Anchor == anchor ? known : New(anchor));
        var heads = chains.HeadsOf(name).Where(chain => chain.Cluster == trail.Spec.ClusterName).ToList();
        var before = Of(name);
        if (!place.Anchors.HasDue(heads))
        {
            // What could not be anchored is gone, with its node.
            if (before is { Problem: not null } && (time.GetUtcNow() - place.FailedAt).Duration() >= AgainAfter)
                views[name] = View(anchor, place.Anchors, []);
            return;
        }

        if ((time.GetUtcNow() - place.FailedAt).Duration() < AgainAfter)
            return;
        var problems = await TryAsync(name, place, heads, cancellationToken);
        trails[name] = place with { FailedAt = problems.Any(one => !one.IsOfChain) ? time.GetUtcNow() : DateTimeOffset.MinValue };
        foreach (var problem in problems)
            metrics.Failed(problem.Code);
        views[name] = View(anchor, place.Anchors, problems);
        if (views[name].Problem is { } now && now != before?.Problem)
            LogProblem(name, now.Message);
    }

    Place New(TrailAnchor anchor) => new(anchor, new(TimeSpan.FromSeconds(anchor.IntervalSeconds), time), DateTimeOffset.MinValue);

    async Task<IReadOnlyList<AnchorException>> TryAsync(
        string trail, Place place, IReadOnlyList<KnownChain> heads, CancellationToken cancellationToken)
    {
        try
        {
            var (key, problem) = await chains.KeyAsync(cancellationToken);
            using (key)
            {
                if (key is null)
                    return [new(problem!.Reason, problem.Message)];
                using var store = await stores.OpenAsync(place.Anchor, cancellationToken);
                return await place.Anchors.TurnAsync(trail, heads, store, key, metrics.Written, cancellationToken);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Any failure of one Trail must not keep the others from being anchored.
            return [e as AnchorException ?? new("AnchorFailed", e.Message, e)];
        }
    }

    static AnchorsView View(TrailAnchor anchor, TrailAnchors anchors, IReadOnlyList<AnchorException> problems)
    {
        // An anchor that is ahead is graver than one that is damaged, and that than one that cannot be written.
        var worst = anchors.Problems.Concat(problems)
            .OrderByDescending(problem => problem.Code == AnchorException.Ahead).ThenByDescending(problem => problem.IsOfChain)
            .ThenBy(problem => problem.IsOfChain ? problem.Message : "", StringComparer.Ordinal).FirstOrDefault();
        return new()
        {
            Location = AnchorStores.Describe(anchor),
            Chains = anchors.Count,
            Problem = worst is null ? null : new(worst.Code, worst.Message),
        };
    }

    [LoggerMessage(LogLevel.Error, "The heads of Trail {Trail} cannot be anchored; trying again: {Problem}")]
    partial void LogProblem(string trail, string problem);

    /// <summary>Where a Trail's anchors are, and when writing them failed last.</summary>
    sealed record Place(TrailAnchor Anchor, TrailAnchors Anchors, DateTimeOffset FailedAt);
}
