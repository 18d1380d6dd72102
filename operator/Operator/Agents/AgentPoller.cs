using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using ClusterTrail.Contract.Status;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Operator.Agents;

/// <summary>Polls the status of every agent.</summary>
sealed class AgentPoller(ClusterCache cache, TimeSpan interval, TimeProvider time) : IDisposable
{
    const int AtOnce = 32;
    const int LargestAnswer = 1 << 20;

    readonly ConcurrentDictionary<ObjectKey, AgentReport> reports = new();
    readonly HttpClient http = new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(2),
        UseProxy = false,
        AllowAutoRedirect = false,
    })
    {
        Timeout = TimeSpan.FromSeconds(4),
        MaxResponseContentBufferSize = LargestAnswer,
    };

    readonly List<Action<string>> handlers = [];
    DateTimeOffset begunAt;
    volatile bool isBusy;

    /// <summary>Whether no poll is running, and none is due.</summary>
    public bool IsIdle => !isBusy && time.GetUtcNow() - begunAt < interval;

    /// <summary>Adds a handler that gets, after each round, the names of the Trails whose agents were polled. Before it runs.</summary>
    public void OnPolled(Action<string> handler) => handlers.Add(handler);

    public AgentReport? ReportOf(ObjectKey pod) => reports.GetValueOrDefault(pod);

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

    public void Dispose() => http.Dispose();

    async Task PollAsync(CancellationToken cancellationToken)
    {
        // One that terminates answers too, until it has delivered what it can.
        var pods = cache.Pods.Objects.Where(pod => pod is { Status: { PodIP: not null, Phase: "Running" } }).ToList();
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
            var url = $"http://{Host(pod.Status!.PodIP!)}:{PortOf(pod, named)}/status";
            reports[pod.Key] = await AskAsync(url, trail, ReportOf(pod.Key), cancellationToken);
        }
    }

    // The pod's own: the Trail's may have changed since it was made.
    static int PortOf(V1Pod pod, Trail trail) =>
        (pod.Spec?.Containers ?? []).SelectMany(container => container.Ports ?? [])
            .FirstOrDefault(port => port.Name == AgentNames.TelemetryPort)?.ContainerPort ?? trail.Spec.Telemetry.Port;

    static string Host(string address) => address.Contains(':') ? $"[{address}]" : address;

    // Any failure with one agent becomes its report: it must not keep the others from being polled.
    async Task<AgentReport> AskAsync(string url, string trail, AgentReport? before, CancellationToken cancellationToken)
    {
        try
        {
            var status = await http.GetFromJsonAsync(url, StatusJson.Default.AgentStatus, cancellationToken);
            return ReportProblem.Of(status, trail) is { } problem
                ? Failed($"{url}: {problem}", isAnswer: true)
                : new(status, null, time.GetUtcNow());
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var isAnswer = e is JsonException or HttpRequestException { StatusCode: not null };
            return Failed(e is OperationCanceledException ? $"{url} does not answer." : $"{url}: {e.Message}", isAnswer);
        }

        AgentReport Failed(string error, bool isAnswer) =>
            new(null, error, before is { Error: not null } ? before.At : time.GetUtcNow(), isAnswer);
    }
}
