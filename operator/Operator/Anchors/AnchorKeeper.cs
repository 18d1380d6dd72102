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

    readonly AnchorMetrics metrics = new(meter);
    readonly ConcurrentDictionary<string, TrailAnchors> trails = new();
    readonly ConcurrentDictionary<string, AnchorsView> views = new();

    DateTimeOffset begunAt;
    volatile bool isBusy;

    /// <summary>Whether nothing is being written, and no look is due.</summary>
    public bool IsIdle => !isBusy && time.GetUtcNow() - begunAt < LookEvery;

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
        do
        {
            (isBusy, begunAt) = (true, time.GetUtcNow());
            await TurnAsync(cancellationToken);
            isBusy = false;
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Looks after the anchors of all Trails once.</summary>
    public async Task TurnAsync(CancellationToken cancellationToken)
    {
        var asked = cache.Trails.Objects.Where(trail => trail.Spec.Integrity is { Enabled: true, Anchor: not null }).ToList();
        foreach (var gone in views.Keys.Except(asked.Select(trail => trail.Metadata.Name)))
        {
            views.TryRemove(gone, out _);
            trails.TryRemove(gone, out _);
        }

        foreach (var trail in asked)
            await TurnAsync(trail, trail.Spec.Integrity.Anchor!, cancellationToken);
    }

    async Task TurnAsync(Trail trail, TrailAnchor anchor, CancellationToken cancellationToken)
    {
        var name = trail.Metadata.Name;
        var before = Of(name);
        var anchors = trails.GetOrAdd(name, _ => new(TimeSpan.FromSeconds(anchor.IntervalSeconds), time));
        try
        {
            // A chain whose state is not kept yet may still go back.
            var heads = chains.HeadsOf(name).Where(chain => chain.Cluster == trail.Spec.ClusterName).ToList();
            if (heads.Count == 0)
                return;
            var (key, problem) = await chains.KeyAsync(cancellationToken);
            using (key)
            {
                IReadOnlyList<AnchorException> problems = key is null
                    ? [new(problem!.Reason, problem.Message)]
                    : await TurnAsync(name, anchor, anchors, heads, key, cancellationToken);
                views[name] = View(anchor, anchors, problems);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Any failure of one Trail must not keep the others from being anchored.
            views[name] = View(anchor, anchors, [e as AnchorException ?? new("AnchorFailed", e.Message, e)]);
        }

        Log(name, before, views[name]);
    }

    async Task<IReadOnlyList<AnchorException>> TurnAsync(
        string trail, TrailAnchor anchor, TrailAnchors anchors, IReadOnlyList<KnownChain> heads, Archive.Digests.SigningKey key,
        CancellationToken cancellationToken)
    {
        using var store = await stores.OpenAsync(anchor, cancellationToken);
        return await anchors.TurnAsync(trail, heads, store, key, metrics.Written, cancellationToken);
    }

    AnchorsView View(TrailAnchor anchor, TrailAnchors anchors, IReadOnlyList<AnchorException> problems)
    {
        foreach (var problem in problems)
            metrics.Failed(problem.Code);
        // An anchor that is ahead is graver than one that cannot be written.
        var worst = problems.OrderByDescending(problem => problem.Code == TrailAnchors.Ahead).FirstOrDefault();
        return new()
        {
            Location = AnchorStores.Describe(anchor),
            Chains = anchors.Count,
            Problem = worst is null ? null : new(worst.Code, worst.Message),
        };
    }

    void Log(string trail, AnchorsView? before, AnchorsView now)
    {
        if (now.Problem is { } problem && problem != before?.Problem)
            LogProblem(trail, problem.Message);
    }

    [LoggerMessage(LogLevel.Error, "The heads of Trail {Trail} cannot be anchored; trying again: {Problem}")]
    partial void LogProblem(string trail, string problem);
}
