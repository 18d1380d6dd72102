namespace ClusterTrail.Testing.Nodes.Kubelets;

/// <summary>One run of a container, from its start to its end.</summary>
sealed class ContainerRun(IPodProcess process, Probes probes, Source source, KubeletParts parts) : IAsyncDisposable
{
    DateTimeOffset? killAt;
    bool isTold;

    public IPodProcess Process => process;

    public Probes Probes => probes;

    public static async Task<ContainerRun> StartAsync(PodLaunch launch, KubeletParts parts, CancellationToken cancellationToken)
    {
        var source = Source.Kubelet(launch.Node, (string)launch.Container["name"]!);
        var process = await parts.Runtime.StartAsync(launch, cancellationToken);
        return new(process, new(launch.Container, launch.Ip, source, parts), source, parts);
    }

    /// <summary>Says once that it was started.</summary>
    public async Task TellAsync(Seen pod, CancellationToken cancellationToken)
    {
        if (isTold)
            return;
        await parts.Events.NormalAsync(source, pod, "Created", $"Created container: {source.Container}", cancellationToken);
        await parts.Events.NormalAsync(source, pod, "Started", $"Started container {source.Container}", cancellationToken);
        isTold = true;
    }

    /// <summary>Ends it because its pod is deleted. Asked again and again, it kills what outlives its grace.</summary>
    public async Task EndAsync(Seen pod, CancellationToken cancellationToken)
    {
        if (killAt is null)
        {
            await parts.Events.NormalAsync(source, pod, "Killing", $"Stopping container {source.Container}", cancellationToken);
            Terminate(pod);
        }
        else if (parts.Now >= killAt)
        {
            process.Kill();
        }
    }

    public async Task ProbeAsync(Seen pod, CancellationToken cancellationToken)
    {
        if (killAt is not null && !pod.IsDeleted)
        {
            if (parts.Now >= killAt)
                process.Kill();
            return;
        }

        if (await probes.AskAsync(pod, pod.IsDeleted, cancellationToken))
            Terminate(pod);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    void Terminate(Seen pod)
    {
        var grace = pod.Spec!["terminationGracePeriodSeconds"]?.GetValue<long>();
        killAt = parts.Now + (grace is { } seconds ? TimeSpan.FromSeconds(seconds) : parts.Settings.Options.TerminationGrace);
        process.Terminate();
    }
}
