using System.Collections.Concurrent;
using ClusterTrail.Kubernetes;
using ClusterTrail.Testing.Nodes.Admission;
using ClusterTrail.Testing.Nodes.Agents;
using ClusterTrail.Testing.Nodes.Controllers;
using ClusterTrail.Testing.Nodes.Kubelets;
using ClusterTrail.Testing.Nodes.Runtime;

namespace ClusterTrail.Testing.Nodes;

/// <summary>
/// The nodes of a cluster: DaemonSet controller, scheduler, node lifecycle, pod garbage collection and a kubelet each, as small doubles
/// that
/// reach the cluster through <see cref="ICluster"/> only. docs/testing.md says what they do faithfully and what they do not.
/// </summary>
/// <remarks>
/// They look at everything once a round. <see cref="Start"/> makes rounds by the clock; with a stepped clock, <see cref="AdvanceAsync"/>
/// does.
/// </remarks>
public sealed partial class NodeWorld : IAsyncDisposable
{
    const int MostRounds = 50;

    readonly TimeProvider time;
    readonly NodeWorldOptions options;
    readonly WorldSettings settings;
    readonly Clients clients;
    readonly LoopbackSubnet addresses = new();
    readonly PodAdmission admission = new();
    readonly Images images = new();
    readonly IPodRuntime runtime;
    readonly KubeletParts parts;
    readonly DaemonSetController daemonSets;
    readonly StatefulSetController statefulSets;
    readonly Scheduler scheduler;
    readonly NodeLifecycle lifecycle;
    readonly PodGarbage garbage;
    readonly ConcurrentDictionary<string, Kubelet> kubelets = new();
    readonly SemaphoreSlim oneAtATime = new(1);
    readonly CancellationTokenSource stop = new();
    Task running = Task.CompletedTask;
    int isStarted;

    /// <param name="connect">The cluster under a field manager's name: <c>cluster.As</c>, or a client over HTTP.</param>
    /// <param name="runtime">What runs the pods. The default runs agents in memory: see <see cref="AgentOf"/>.</param>
    public NodeWorld(
        Func<string, ICluster> connect, TimeProvider? time = null, NodeWorldOptions? options = null, IPodRuntime? runtime = null)
    {
        (this.time, this.options) = (time ?? TimeProvider.System, options ?? new());
        this.runtime = runtime ?? new InMemoryRuntime(this.time);
        settings = new(this.options);
        clients = new(connect);
        var events = new EventRecorder(clients, this.time);
        parts = new(clients, events, this.runtime, images, addresses, this.time, settings);
        daemonSets = new(clients, events, admission, this.time, new Random(this.options.Seed));
        statefulSets = new(clients, events, admission);
        scheduler = new(clients, events, this.time);
        lifecycle = new(clients, events, this.time, this.options);
        garbage = new(clients);
    }

    /// <summary>
    /// What went wrong in the newest round of a running world, such as an API server that was away; nothing if it went well.
    /// </summary>
    public Exception? Trouble { get; private set; }

    /// <summary>Makes a round every now and then, until the world is disposed of.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref isStarted, 1) == 0)
            running = Task.Run(RunAsync);
    }

    /// <summary>Moves a stepped clock, a second at a time, and does all there is to do after each.</summary>
    public async Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken)
    {
        var clock = (SteppedTime)time;
        for (var end = clock.GetUtcNow() + by; clock.GetUtcNow() < end;)
        {
            var left = end - clock.GetUtcNow();
            clock.Advance(left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1));
            await SettleAsync(cancellationToken);
        }
    }

    /// <summary>Makes rounds until one has nothing to do.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var before = clients.Writes;
            await StepAsync(cancellationToken);
            if (clients.Writes == before)
                return;
        }

        throw new InvalidOperationException($"After {MostRounds} rounds there is still something to do; written last: {clients.LastWrite}");
    }

    /// <summary>One round: each part looks at the cluster as it is now, and does what it would do next.</summary>
    public async Task StepAsync(CancellationToken cancellationToken)
    {
        await oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var seen = await Snapshot.TakeAsync(clients, cancellationToken);
            await lifecycle.SyncAsync(seen, node => kubelets.GetValueOrDefault(node)?.SilentSince, cancellationToken);
            await garbage.SyncAsync(seen, cancellationToken);
            await daemonSets.SyncAsync(seen, cancellationToken);
            await statefulSets.SyncAsync(seen, cancellationToken);
            await scheduler.SyncAsync(seen, cancellationToken);
            await Task.WhenAll(kubelets.Values.Select(kubelet => kubelet.SyncAsync(seen, cancellationToken)));
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        foreach (var kubelet in kubelets.Values)
            await kubelet.DisposeAsync();
        parts.Http.Dispose();
        addresses.Dispose();
        oneAtATime.Dispose();
        stop.Dispose();
    }

    async Task RunAsync()
    {
        using var timer = new PeriodicTimer(options.Round, time);
        do
        {
            try
            {
                await StepAsync(stop.Token);
                Trouble = null;
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                // The API server may be away; a round that fails is made again.
                Trouble = e;
            }
        }
        while (await timer.WaitForNextTickAsync(stop.Token));
    }
}
