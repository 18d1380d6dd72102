using System.Text.Json.Nodes;

namespace ClusterTrail.Testing.Nodes.Kubelets;

/// <summary>Brings one pod to life, keeps it there, and ends it.</summary>
sealed class PodWorker(string node, KubeletParts parts) : IAsyncDisposable
{
    readonly PodVolumes volumes = new(node, parts);
    readonly ImagePull image = new(node, parts);
    readonly PodStatusWriter status = new(parts);
    readonly RestartBackOff restarts = new();
    ContainerFacts facts = ContainerFacts.Created;
    ContainerRun? run;
    string? ip;
    DateTimeOffset saidBackOffAt;

    public IPodProcess? Process => run?.Process;

    /// <summary>Writes the status once more: the node was given up and is back.</summary>
    public void Return() => status.Forget();

    public async Task SyncAsync(Seen pod, CancellationToken cancellationToken)
    {
        if (pod.IsDeleted && run is null)
        {
            await parts.Clients.LetGoAsync(Part.Kubelet, pod, cancellationToken);
            return;
        }

        if (run is null)
            await StartAsync(pod, cancellationToken);
        else
            await FollowAsync(pod, cancellationToken);
        await status.WriteAsync(pod, ip, facts, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (run is not null)
            await run.DisposeAsync();
    }

    async Task StartAsync(Seen pod, CancellationToken cancellationToken)
    {
        if (await volumes.MountAsync(pod, cancellationToken) is not { } mounted)
            return;
        ip ??= parts.Addresses.Next();
        var container = pod.Spec!["containers"]![0]!.AsObject();
        if (await WhyNotAsync(pod, container, cancellationToken) is { } waiting)
        {
            facts = facts.Waits(waiting);
            return;
        }

        if ((facts.Ended ?? facts.LastEnded) is { } ended)
        {
            restarts.Restarted(ended.At, parts.Now);
            facts = facts with { Restarts = facts.Restarts + 1 };
        }

        // From here on nothing may fail that has this done again: the process runs.
        run = await ContainerRun.StartAsync(new(node, ip, pod, container, mounted), parts, cancellationToken);
        facts = facts.Runs(parts.Now);
    }

    async Task<Waiting?> WhyNotAsync(Seen pod, JsonObject container, CancellationToken cancellationToken)
    {
        if ((facts.Ended ?? facts.LastEnded) is { } ended && restarts.Wait(ended.At, parts.Now) is { } wait)
            return await BackOffAsync(pod, (string)container["name"]!, wait, cancellationToken);
        return await image.GetAsync(pod, container, cancellationToken);
    }

    async Task<Waiting> BackOffAsync(Seen pod, string container, TimeSpan wait, CancellationToken cancellationToken)
    {
        var full = $"{pod.Metadata.Name}_{pod.Metadata.NamespaceProperty}({pod.Uid})";
        if (parts.Now >= saidBackOffAt + TimeSpan.FromSeconds(10))
        {
            saidBackOffAt = parts.Now;
            var note = $"Back-off restarting failed container {container} in pod {full}";
            await parts.Events.WarnAsync(Source.Kubelet(node, container), pod, "BackOff", note, cancellationToken);
        }

        return new("CrashLoopBackOff", $"back-off {Texts.Duration(wait)} restarting failed container={container} pod={full}");
    }

    async Task FollowAsync(Seen pod, CancellationToken cancellationToken)
    {
        await run!.TellAsync(pod, cancellationToken);
        if (run.Process.Exit is { } exit)
        {
            facts = facts.Ends(exit, parts.Now);
            await run.DisposeAsync();
            run = null;
            return;
        }

        if (pod.IsDeleted)
            await run.EndAsync(pod, cancellationToken);
        else if (await volumes.RefreshAsync(pod, cancellationToken) is { } changed)
            run.Process.Refresh(changed);
        await run.ProbeAsync(pod, cancellationToken);
        facts = facts with { IsStarted = run.Probes.IsStarted, IsReady = run.Probes.IsReady };
    }
}
