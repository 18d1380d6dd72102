using System.Collections.Concurrent;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Agents;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Completeness;

/// <summary>Compares what API servers made with what agents read: docs/decisions/0042.</summary>
/// <remarks>It works beside the reconciler, which a slow API server's page must not hold up.</remarks>
sealed partial class CompletenessKeeper(
    ClusterCache cache, AgentPoller agents, ApiServers servers, TimeProvider time, ILogger<CompletenessKeeper> logger)
{
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    readonly ConcurrentDictionary<string, TrailCounts> counts = new();
    readonly ConcurrentDictionary<string, CompletenessView> views = new();
    readonly PastCounts past = new(time);

    /// <summary>What is known of a Trail; null before the first look, and of Trails that are not compared.</summary>
    public CompletenessView? Of(string trail) => views.GetValueOrDefault(trail);

    public void ForgetAll()
    {
        counts.Clear();
        views.Clear();
        past.Clear();
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
            await LookAsync(cancellationToken);
    }

    async Task LookAsync(CancellationToken cancellationToken)
    {
        var trails = cache.Trails.Objects.Where(CompletenessView.Compares).ToList();
        foreach (var gone in views.Keys.Except(trails.Select(trail => trail.Metadata.Name)))
        {
            views.TryRemove(gone, out _);
            counts.TryRemove(gone, out _);
        }

        if (trails.Count == 0)
            return;
        try
        {
            var found = await servers.FindAsync(cancellationToken);
            var before = await servers.CountAsync(found, cancellationToken);
            await Task.Delay(ComparedSource.UntilRead, time, cancellationToken);
            var reports = new Dictionary<string, IReadOnlyDictionary<string, AgentStatus?>>();
            foreach (var trail in trails)
                reports[trail.Metadata.Name] = await AskAsync(trail.Metadata.Name, cancellationToken);
            var after = await servers.CountAsync(found, cancellationToken);
            foreach (var trail in trails)
                Take(trail, reports[trail.Metadata.Name], before, after);
            past.Add(after);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not OutOfMemoryException)
        {
            // Any failure becomes what the condition says.
            foreach (var trail in trails)
                Show(trail, [(CompletenessView.All, e.Message)]);
        }
    }

    void Take(
        Trail trail, IReadOnlyDictionary<string, AgentStatus?> agents, IReadOnlyDictionary<ApiServer, CountsAnswer> before,
        IReadOnlyDictionary<ApiServer, CountsAnswer> after)
    {
        var source = ComparedSource.Of(trail);
        var then = source.IsSent ? past.Before(ComparedSource.UntilSent) : before;
        var nodes = cache.Nodes.Objects.ToList();
        var pairs = new CountPairs(address => NodeAddresses.NodeOf(address, nodes), ShouldHaveAgents(trail, nodes), source);
        var (rounds, problems) = pairs.Compare(
            [.. after.Select(one => new ServerCounts(one.Key, then?.GetValueOrDefault(one.Key), one.Value))], agents, time.GetUtcNow());
        foreach (var (name, round) in rounds)
            CountsOf(trail).Take(name, round);
        Show(trail, problems);
    }

    void Show(Trail trail, IReadOnlyList<(string Name, string Why)> problems)
    {
        var (name, now, before) = (trail.Metadata.Name, time.GetUtcNow(), Of(trail.Metadata.Name));
        var why = problems.Count == 0 ? null : problems[0].Why;
        if (why is not null && why != before?.Problem)
            LogProblem(name, why);
        var known = CountsOf(trail).At(now, node => cache.Nodes.Find(new(null, node)) is not null);
        foreach (var (node, events) in TakenBack.Between(before?.Counts ?? [], known))
            LogTakenBack(name, node, events);
        views[name] = new(known, why)
        {
            ProblemSince = why is null ? null : before?.ProblemSince ?? now,
            NotCompared = problems.ToDictionary(
                one => one.Name,
                one => (one.Why, before?.NotCompared.TryGetValue(one.Name, out var former) == true ? former.Since : now)),
            ComparedAt = CountsOf(trail).ComparedAt,
        };
    }

    TrailCounts CountsOf(Trail trail) =>
        counts.GetOrAdd(trail.Metadata.Name, _ => new(trail.Status?.Completeness ?? [], time.GetUtcNow()));

    // Of two pods of a node one is about to go.
    async Task<IReadOnlyDictionary<string, AgentStatus?>> AskAsync(string trail, CancellationToken cancellationToken)
    {
        var pods = cache.Pods.Objects.Where(pod => AgentLabels.TrailOf(pod) == trail && cache.RoleOf(pod) == AgentRole.ApiServer).ToList();
        var answers = await Task.WhenAll(pods.Select(async pod => (
            Node: Collector.NodeOf(pod) ?? pod.Metadata.Name, (await agents.AskNowAsync(pod, cancellationToken))?.Status)));
        return answers.GroupBy(answer => answer.Node).ToDictionary(
            same => same.Key, same => same.Select(answer => answer.Status).OfType<AgentStatus>().MaxBy(status => status.Agent.StartedAt));
    }

    static List<string> ShouldHaveAgents(Trail trail, IEnumerable<V1Node> nodes) =>
    [
        .. nodes.Where(node => AgentPlacement.Concerns(trail.Spec.AgentOf(AgentRole.ApiServer), node, AgentRole.ApiServer))
            .Select(node => node.Metadata.Name),
    ];

    [LoggerMessage(LogLevel.Warning, "Trail {Trail}: what API servers made and agents read cannot be compared now; trying again: {Problem}")]
    partial void LogProblem(string trail, string problem);

    [LoggerMessage(LogLevel.Information, "Trail {Trail}, {Node}: {Events} events that were missing have been read late; they are missing no longer.")]
    partial void LogTakenBack(string trail, string node, long events);
}
