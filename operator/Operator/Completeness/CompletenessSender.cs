using System.Collections.Concurrent;
using System.Text.Json;
using ClusterTrail.Contract.Completeness;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Agents;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Trails.Manifests;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Completeness;

/// <summary>Says to the agents that read of API servers how their counts compare, for their digests: docs/decisions/0047.</summary>
/// <remarks>
/// It works beside the comparison and the polls, which an agent that hangs must not hold up. An agent's status says what it has, so a lost
/// request is repeated, whoever of both was restarted meanwhile.
/// </remarks>
sealed partial class CompletenessSender(
    ClusterCache cache, AgentPoller agents, CompletenessKeeper completeness, PostMetrics posts, TimeProvider time,
    ILogger<CompletenessSender> logger) : IDisposable
{
    const int AtOnce = 8;
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    // What did not change is said again, so that each digest has it.
    static readonly TimeSpan RepeatEvery = TimeSpan.FromMinutes(1);

    readonly SignedPost post = new();

    // Until a later poll, an agent's status says what it had before.
    readonly ConcurrentDictionary<ObjectKey, DateTimeOffset> takenAt = new();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var pods = cache.Pods.Objects.Where(IsCompared).ToList();
            foreach (var gone in takenAt.Keys.Except(pods.Select(pod => pod.Key)))
                takenAt.TryRemove(gone, out _);
            await Parallel.ForEachAsync(
                pods, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, SendAsync);
        }
    }

    public void Dispose() => post.Dispose();

    bool IsCompared(V1Pod pod) =>
        pod is { Status: { PodIP: not null, Phase: "Running" } } && cache.RoleOf(pod) == AgentRole.ApiServer;

    // The next look tries again.
    async ValueTask SendAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        if (AgentLabels.TrailOf(pod) is not { } name || cache.Trails.Find(new(null, name)) is not { } trail
            || Wanted(pod, name) is not { } wanted || AgentKeys.Find(cache, pod, name) is not { Length: > 0 } key)
            return;
        var url = AgentAddress.Of(pod, pod.Status!.PodIP!, trail, CompletenessHandover.Path);
        var body = JsonSerializer.SerializeToUtf8Bytes(wanted, CompletenessJson.Default.CompletenessHandover);
        try
        {
            if (await post.SendAsync(url, CompletenessHandover.Purpose, key, body, cancellationToken) is { } refused)
                NoteNotSent(refused);
            else
                takenAt[pod.Key] = time.GetUtcNow();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            NoteNotSent($"{url}: {CleanReport.Text(e.Message, CleanReport.LongestText)}");
        }
    }

    // An agent that does not answer, or is of an older version, does not say what it has.
    CompletenessHandover? Wanted(V1Pod pod, string trail)
    {
        var now = time.GetUtcNow();
        return agents.ReportOf(pod.Key) is { Status: { Integrity.Completeness: { } held } status } report
            && !(takenAt.TryGetValue(pod.Key, out var taken) && report.At <= taken)
            && completeness.Of(trail) is { } view && CompletenessWord.Of(view, trail, status.Agent.NodeName, now) is { } word
            && (held.Hash != word.Hash || held.At is not { } at || now - at >= RepeatEvery)
                ? word : null;
    }

    void NoteNotSent(string problem)
    {
        posts.Failed(PostMetrics.Completeness);
        LogNotSent(problem);
    }

    [LoggerMessage(LogLevel.Warning, "What was found of completeness was not sent to an agent; trying again: {Problem}")]
    partial void LogNotSent(string problem);
}
