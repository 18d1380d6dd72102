using System.Collections.Concurrent;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Operator.Chains;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Agents;

/// <summary>Polls the status of every agent.</summary>
sealed partial class AgentPoller(
    ClusterCache cache, ChainRegistry chains, TimeSpan interval, TimeProvider time, PostMetrics posts,
    ILogger<AgentPoller> logger) : IDisposable
{
    const int AtOnce = 32;
    readonly ConcurrentDictionary<ObjectKey, AgentReport> reports = new();
    readonly AgentAnswers answers = new();
    readonly SignedPost post = new();
    readonly List<Action<string>> handlers = [];
    DateTimeOffset begunAt;
    volatile bool isBusy;

    /// <summary>Whether no poll is running, and none is due.</summary>
    public bool IsIdle => !isBusy && time.GetUtcNow() - begunAt < interval;

    /// <summary>Adds a handler that gets, after each round, the names of the Trails whose agents were polled. Before it runs.</summary>
    public void OnPolled(Action<string> handler) => handlers.Add(handler);

    public AgentReport? ReportOf(ObjectKey pod) => reports.GetValueOrDefault(pod);

    /// <summary>Asks one agent, beside the rounds; null if its Trail is gone.</summary>
    public async Task<AgentReport?> AskNowAsync(V1Pod pod, CancellationToken cancellationToken) =>
        pod is { Status: { PodIP: { } address, Phase: "Running" } } && AgentLabels.TrailOf(pod) is { } trail
            && cache.Trails.Find(new(null, trail)) is { } named
            ? await AskAsync($"{AgentAddress.Of(pod, address, named, "")}/status", pod, trail, cancellationToken)
            : null;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        do
        {
            (isBusy, begunAt) = (true, time.GetUtcNow());
            await PollAsync(cancellationToken);
            isBusy = false;
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    public void Dispose()
    {
        answers.Dispose();
        post.Dispose();
    }

    async Task PollAsync(CancellationToken cancellationToken)
    {
        // One that terminates answers too, until it has delivered what it can.
        var pods = cache.Pods.Objects.Where(pod => pod is { Status: { PodIP: not null, Phase: "Running" } } && cache.IsAgent(pod)).ToList();
        await Parallel.ForEachAsync(
            pods, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, PollAsync);
        var there = pods.Select(pod => pod.Key).ToHashSet();
        foreach (var gone in reports.Keys.Where(pod => !there.Contains(pod)))
            reports.TryRemove(gone, out _);
        foreach (var trail in pods.Select(AgentLabels.TrailOf).OfType<string>().Distinct())
            handlers.ForEach(handler => handler(trail));
    }

    async ValueTask PollAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        if (AgentLabels.TrailOf(pod) is { } trail && cache.Trails.Find(new(null, trail)) is { } named)
        {
            var url = AgentAddress.Of(pod, pod.Status!.PodIP!, named, "");
            var report = reports[pod.Key] = await AskAsync($"{url}/status", pod, trail, cancellationToken);
            if (report.Status is { } status && AgentKeys.Find(cache, pod, trail) is { Length: > 0 } key)
            {
                var (labels, records) = (new LabelSender(cache, post, time), new RecordSender(chains, post));
                var notSent = await SendAsync(
                    PostMetrics.Labels, () => labels.SendAsync(status, url, key, cancellationToken), url, cancellationToken);
                reports[pod.Key] = report with { LabelsNotSent = notSent };
                await SendAsync(PostMetrics.Records, () => records.SendAsync(status, url, key, cancellationToken), url, cancellationToken);
            }
        }
    }

    // The next poll tries again.
    async Task<string?> SendAsync(string what, Func<Task<string?>> send, string url, CancellationToken cancellationToken)
    {
        try
        {
            return await send() is { } problem ? NoteNotSent(what, problem) : null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return NoteNotSent(what, $"{url}: {CleanReport.Text(e.Message, CleanReport.LongestText)}");
        }
    }

    string NoteNotSent(string what, string problem)
    {
        posts.Failed(what);
        LogNotSent(what, problem);
        return problem;
    }

    [LoggerMessage(LogLevel.Warning, "The {What} were not sent to an agent; trying again at the next poll: {Problem}")]
    partial void LogNotSent(string what, string problem);

    // Any failure with one agent becomes its report: it must not keep the others from being polled.
    async Task<AgentReport> AskAsync(string url, V1Pod pod, string trail, CancellationToken cancellationToken)
    {
        try
        {
            var status = await answers.AskAsync(url, AgentKeys.Find(cache, pod, trail), cancellationToken);
            var now = time.GetUtcNow();
            return ReportProblem.Of(status, trail, Collector.NodeOf(pod) ?? "", now) is { } problem
                ? throw new AnswerRefusedException(problem)
                : new(CleanReport.Of(status!, now), null, now);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var since = ReportOf(pod.Key) is { Error: not null } before ? before.At : time.GetUtcNow();
            var error = e is OperationCanceledException
                ? $"{url} does not answer."
                : $"{url}: {CleanReport.Text(e.Message, CleanReport.LongestText)}";
            return new(
                null, error, since, IsAnswer: e is AnswerRefusedException or HttpRequestException { StatusCode: not null },
                IsRefused: e is AnswerRefusedException);
        }
    }
}
