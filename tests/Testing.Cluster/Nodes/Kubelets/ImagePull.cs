using System.Text.Json.Nodes;

namespace ClusterTrail.Testing.Nodes.Kubelets;

/// <summary>Gets the image of one pod's container: what waits on it shows ErrImagePull and ImagePullBackOff in turns.</summary>
sealed class ImagePull(string node, KubeletParts parts)
{
    static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(10);
    static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(5);
    // A kubelet looks at the pod again after some seconds, and finds that it has to wait.
    static readonly TimeSpan ErrorIsShown = TimeSpan.FromSeconds(3);

    TimeSpan backOff;
    DateTimeOffset failedAt;
    bool saidBackOff;
    string error = "";

    /// <returns>Why the container waits; nothing when the image is there.</returns>
    public async Task<Waiting?> GetAsync(Seen pod, JsonObject container, CancellationToken cancellationToken)
    {
        var image = (string)container["image"]!;
        var source = Source.Kubelet(node, (string)container["name"]!);
        if (parts.Images.IsPresent(node, image) && Policy(container, image) != "Always")
        {
            await parts.Events.NormalAsync(
                source, pod, "Pulled", $"Container image \"{image}\" already present on machine", cancellationToken);
            return null;
        }

        return backOff > TimeSpan.Zero && parts.Now < failedAt + backOff
            ? await WaitAsync(pod, source, image, cancellationToken)
            : await PullAsync(pod, source, image, cancellationToken);
    }

    async Task<Waiting?> PullAsync(Seen pod, Source source, string image, CancellationToken cancellationToken)
    {
        await parts.Events.NormalAsync(source, pod, "Pulling", $"Pulling image \"{image}\"", cancellationToken);
        if (parts.Images.Pull(node, image) is not { } failure)
        {
            backOff = TimeSpan.Zero;
            await parts.Events.NormalAsync(
                source,
                pod,
                "Pulled",
                $"Successfully pulled image \"{image}\" in 1.2s (1.2s including waiting). Image size: 74000000 bytes.",
                cancellationToken);
            return null;
        }

        (error, failedAt, saidBackOff) = (failure, parts.Now, false);
        backOff = backOff == TimeSpan.Zero ? FirstBackOff : TimeSpan.FromTicks(Math.Min(LongestBackOff.Ticks, backOff.Ticks * 2));
        await parts.Events.WarnAsync(source, pod, "Failed", $"Failed to pull image \"{image}\": {failure}", cancellationToken);
        await parts.Events.WarnAsync(source, pod, "Failed", "Error: ErrImagePull", cancellationToken);
        return new("ErrImagePull", failure);
    }

    async Task<Waiting?> WaitAsync(Seen pod, Source source, string image, CancellationToken cancellationToken)
    {
        if (parts.Now < failedAt + ErrorIsShown)
            return new("ErrImagePull", error);
        if (!saidBackOff)
        {
            saidBackOff = true;
            await parts.Events.NormalAsync(source, pod, "BackOff", $"Back-off pulling image \"{image}\"", cancellationToken);
            await parts.Events.WarnAsync(source, pod, "Failed", "Error: ImagePullBackOff", cancellationToken);
        }

        return new("ImagePullBackOff", $"Back-off pulling image \"{image}\": ErrImagePull: {error}");
    }

    static string Policy(JsonObject container, string image) =>
        (string?)container["imagePullPolicy"] ?? (
            image.EndsWith(":latest", StringComparison.Ordinal) || !image.Contains(':') ? "Always" : "IfNotPresent");
}
