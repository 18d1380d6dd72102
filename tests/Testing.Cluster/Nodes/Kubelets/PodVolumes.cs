namespace ClusterTrail.Testing.Nodes.Kubelets;

/// <summary>Mounts one pod's volumes, and brings what changes in them, late.</summary>
sealed class PodVolumes(string node, KubeletParts parts)
{
    static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(122);

    readonly VolumeReader reader = new(node, parts);
    IReadOnlyList<PodVolume>? mounted;
    TimeSpan backOff;
    DateTimeOffset retryAt;
    DateTimeOffset? due;

    /// <returns>Nothing while one of them cannot be mounted.</returns>
    public async Task<IReadOnlyList<PodVolume>?> MountAsync(Seen pod, CancellationToken cancellationToken)
    {
        if (mounted is not null || parts.Now < retryAt)
            return mounted;
        try
        {
            (mounted, _) = await reader.ReadAsync(pod, mounted: null, cancellationToken);
            backOff = TimeSpan.Zero;
            return mounted;
        }
        catch (MountException e)
        {
            await FailedAsync(pod, e, cancellationToken);
            return null;
        }
    }

    /// <summary>Looks whether a ConfigMap or Secret has changed.</summary>
    /// <returns>The volumes as they are now, if they are to change now.</returns>
    public async Task<IReadOnlyList<PodVolume>?> RefreshAsync(Seen pod, CancellationToken cancellationToken)
    {
        var (read, failure) = await reader.ReadAsync(pod, mounted, cancellationToken);
        if (failure is null)
            backOff = TimeSpan.Zero;
        else if (parts.Now >= retryAt)
            await FailedAsync(pod, failure, cancellationToken);
        if (read.Zip(mounted!).All(pair => pair.First.IsSameAs(pair.Second)))
            due = null;
        else if ((due ??= parts.Now + parts.Settings.ConfigMapDelay) <= parts.Now)
            return Take(read);
        return null;
    }

    IReadOnlyList<PodVolume> Take(IReadOnlyList<PodVolume> read)
    {
        due = null;
        return mounted = read;
    }

    async Task FailedAsync(Seen pod, MountException e, CancellationToken cancellationToken)
    {
        backOff = backOff == TimeSpan.Zero ? FirstBackOff : TimeSpan.FromTicks(Math.Min(LongestBackOff.Ticks, backOff.Ticks * 2));
        retryAt = parts.Now + backOff;
        await parts.Events.WarnAsync(Source.Kubelet(node), pod, "FailedMount", e.Message, cancellationToken);
    }
}
