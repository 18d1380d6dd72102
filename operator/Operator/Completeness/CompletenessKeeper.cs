using System.Collections.Concurrent;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Agents;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Manifests;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Completeness;

/// <summary>Compares what API servers made with what agents read: docs/decisions/0042.</summary>
/// <remarks>It works beside the reconciler, which a slow API server's page must not hold up.</remarks>
sealed partial class CompletenessKeeper(
    ClusterCache cache, AgentPoller agents, ApiServers servers, TimeProvider time, ILogger<CompletenessKeeper> logger)
{
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    // In this time an event that was counted is in the log, and an agent that is not behind has read it.
    static readonly TimeSpan UntilRead = TimeSpan.FromSeconds(2);

    // API servers collect what they send, and try again.
    static readonly TimeSpan UntilSent = TimeSpan.FromMinutes(2);

    readonly ConcurrentDictionary<string, Dictionary<string, CountTracker>> trackers = new();
    readonly ConcurrentDictionary<string, CompletenessView> views = new();
    readonly List<(DateTimeOffset At, Dictionary<ApiServer, ServerCounters> Made)> past = [];
    string? problem;

    /// <summary>What is known of a Trail; null before the first look, and of Trails that are not compared.</summary>
    public CompletenessView? Of(string trail) => views.GetValueOrDefault(trail);

    public void ForgetAll()
    {
        trackers.Clear();
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
            trackers.TryRemove(gone, out _);
        }

        if (trails.Count == 0)
            return;
        try
        {
            var found = await servers.FindAsync(cancellationToken);
            var before = await servers.CountAsync(found, cancellationToken);
            await Task.Delay(UntilRead, time, cancellationToken);
            var reports = new Dictionary<string, IReadOnlyDictionary<string, AgentStatus>>();
            foreach (var trail in trails)
                reports[trail.Metadata.Name] = await AskAsync(trail.Metadata.Name, cancellationToken);
            var after = await servers.CountAsync(found, cancellationToken);
            Take(trails, reports, before.ToDictionary(), after.ToDictionary());
            problem = null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not OutOfMemoryException)
        {
            // Any failure becomes what the condition says.
            Fail(trails, e.Message);
        }
    }

    void Take(
        List<Trail> trails, Dictionary<string, IReadOnlyDictionary<string, AgentStatus>> reports, Dictionary<ApiServer, ServerCounters> before,
        Dictionary<ApiServer, ServerCounters> after)
    {
        var now = time.GetUtcNow();
        past.Add((now, after));
        past.RemoveAll(one => now - one.At > 3 * UntilSent);
        foreach (var trail in trails)
        {
            var made = trail.Spec.Sources.ApiServer.Type == ApiServerSourceType.LogFile ? before
                : past.LastOrDefault(one => now - one.At >= UntilSent).Made;
            var (rounds, why) = made is null ? ([], "it has just begun.") : CountPairs.Of(
                [.. after.Where(one => made.ContainsKey(one.Key)).Select(one => (one.Key, made[one.Key], one.Value))],
                reports[trail.Metadata.Name], NodeOf, now);
            foreach (var (name, round) in rounds)
                Tracker(trail, name).Take(round);
            Show(trail, why is null ? null : new("NotCompared", $"Cannot be compared now: {why}"));
        }
    }

    CountTracker Tracker(Trail trail, string name)
    {
        var all = trackers.GetOrAdd(trail.Metadata.Name, _ => []);
        if (!all.TryGetValue(name, out var tracker))
        {
            all[name] = tracker = new(name, trail.Status?.Completeness?.FirstOrDefault(known => known.Name == name));
            // Where it is known now which agent reads whose events, their sum says nothing more; and the other way round.
            foreach (var other in all.Keys.Where(other => (other == CompletenessView.All) != (name == CompletenessView.All)).ToList())
                all.Remove(other);
        }

        return tracker;
    }

    void Fail(List<Trail> trails, string why)
    {
        if (why != problem)
            LogProblem(problem = why);
        foreach (var trail in trails)
            Show(trail, new("NotCompared", $"API servers' counts of events cannot be read: {why}"));
    }

    void Show(Trail trail, Rejection? why)
    {
        var counts = trackers.GetValueOrDefault(trail.Metadata.Name)?.Values.Select(tracker => tracker.View).OfType<TrailCompleteness>();
        views[trail.Metadata.Name] = new([.. (counts ?? []).OrderBy(count => count.Name, StringComparer.Ordinal)], why);
    }

    async Task<IReadOnlyDictionary<string, AgentStatus>> AskAsync(string trail, CancellationToken cancellationToken)
    {
        var pods = cache.Pods.Objects.Where(pod => AgentLabels.TrailOf(pod) == trail && cache.RoleOf(pod) == AgentRole.ApiServer).ToList();
        var answers = await Task.WhenAll(pods.Select(pod => agents.AskNowAsync(pod, cancellationToken)));
        return answers.Select(answer => answer?.Status).OfType<AgentStatus>().GroupBy(status => status.Agent.NodeName)
            .ToDictionary(same => same.Key, same => same.OrderByDescending(status => status.Agent.StartedAt).First());
    }

    string? NodeOf(string address) => cache.Nodes.Objects.FirstOrDefault(node =>
        node.Status?.Addresses?.Any(one => one.Type == "InternalIP" && one.Address == address) == true)?.Metadata.Name;

    [LoggerMessage(LogLevel.Warning, "The API servers' counts of audit events cannot be read; trying again: {Problem}")]
    partial void LogProblem(string problem);
}
