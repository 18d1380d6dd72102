using System.Text.Json.Nodes;

namespace ClusterTrail.Testing.Nodes.Kubelets;

/// <summary>The probes of one running container: startup first, then liveness and readiness.</summary>
sealed class Probes(JsonObject container, string ip, Source source, KubeletParts parts)
{
    readonly string name = (string)container["name"]!;
    readonly Probe? startup = Of("startupProbe", container, ip, parts);
    Probe? liveness;
    Probe? readiness;

    /// <summary>Whether the container has started, as far as its startup probe knows.</summary>
    public bool IsStarted { get; private set; }

    public bool IsReady { get; private set; }

    /// <summary>Asks those that are due.</summary>
    /// <param name="ends">A pod that terminates is only asked whether it is ready.</param>
    /// <returns>Whether the container must be restarted.</returns>
    public async Task<bool> AskAsync(Seen pod, bool ends, CancellationToken cancellationToken)
    {
        if (!IsStarted && !ends && await FailsAsync(pod, "Startup", startup, cancellationToken))
            return await RestartAsync(pod, "startup", cancellationToken);
        if (!IsStarted && startup?.Holds == false)
            return false;
        if (!IsStarted)
            (IsStarted, liveness, readiness) = (
                true, Of("livenessProbe", container, ip, parts), Of("readinessProbe", container, ip, parts));
        if (!ends && await FailsAsync(pod, "Liveness", liveness, cancellationToken))
            return await RestartAsync(pod, "liveness", cancellationToken);
        await FailsAsync(pod, "Readiness", readiness, cancellationToken);
        IsReady = readiness?.Holds != false;
        return false;
    }

    async Task<bool> FailsAsync(Seen pod, string kind, Probe? probe, CancellationToken cancellationToken)
    {
        if (probe is null)
            return false;
        if (await probe.AskAsync(parts.Http, parts.Now, cancellationToken) is not { } problem)
            return false;
        await parts.Events.WarnAsync(source, pod, "Unhealthy", $"{kind} probe failed: {problem}", cancellationToken);
        return probe.HasFailed;
    }

    async Task<bool> RestartAsync(Seen pod, string kind, CancellationToken cancellationToken)
    {
        IsReady = false;
        await parts.Events.NormalAsync(
            source, pod, "Killing", $"Container {name} failed {kind} probe, will be restarted", cancellationToken);
        return true;
    }

    static Probe? Of(string probe, JsonObject container, string ip, KubeletParts parts) =>
        container[probe] is { } template ? new(template, container, ip, parts.Now, parts.Settings) : null;
}
