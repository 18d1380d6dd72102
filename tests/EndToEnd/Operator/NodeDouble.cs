using System.Text.Json.Nodes;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>What scheduler and kubelet do on one control-plane node for one DaemonSet: run its pod as it says, bring changed files, tell of it.</summary>
/// <remarks>The pod's mounts are real ones, in a mount namespace of its own, which needs root. There is no image: the program is this build's.</remarks>
sealed class NodeDouble : IAsyncDisposable
{
    const string Node = "cp-1";

    readonly KubectlUser kubectl;
    readonly string @namespace;
    readonly string daemonSet;
    readonly TemporaryFolder folder = new();
    readonly CancellationTokenSource stop = new();
    readonly Task running;
    NodePod? pod;

    public NodeDouble(KubectlUser kubectl, string @namespace, string daemonSet)
    {
        (this.kubectl, this.@namespace, this.daemonSet) = (kubectl, @namespace, daemonSet);
        running = Task.Run(RunAsync);
    }

    /// <summary>How often the pod was replaced by another.</summary>
    public int Started { get; private set; }

    public bool IsRunning => pod is not null;

    public string Output => pod?.Output ?? "";

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (pod is not null)
            await pod.StopAsync();
        stop.Dispose();
        folder.Dispose();
    }

    async Task RunAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            var wanted = await GetAsync("daemonset", daemonSet);
            if (pod is not null && (wanted is null || pod.Template != Template(wanted)))
                await RemovePodAsync();
            if (wanted is not null)
                await RunPodAsync(wanted);
            await Task.Delay(300, stop.Token);
        }
    }

    async Task RunPodAsync(JsonObject wanted)
    {
        if (pod is null)
        {
            var spec = wanted["spec"]!["template"]!["spec"]!.AsObject();
            var volumes = new PodVolumes(folder.Join($"pod-{++Started}"), spec, GetAsync);
            await volumes.FillAsync();
            pod = NodePod.Start(Template(wanted), spec, volumes, Node);
            await TellAsync(wanted);
        }
        else
        {
            await pod.Volumes.FillAsync();
        }
    }

    async Task RemovePodAsync()
    {
        await pod!.StopAsync();
        await kubectl.TryAsync(["delete", "pod", $"agent-{Started}", "-n", @namespace], stop.Token);
        pod = null;
    }

    // As a kubelet and the DaemonSet controller would.
    async Task TellAsync(JsonObject wanted)
    {
        var labels = wanted["spec"]!["template"]!["metadata"]!["labels"]!.ToJsonString();
        await kubectl.ApplyAsync(
            $$$"""
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "agent-{{{Started}}}", "namespace": "{{{@namespace}}}", "labels": {{{labels}}}},
             "spec": {"nodeName": "{{{Node}}}", "containers": [{"name": "agent", "image": "none"}]}}
            """,
            stop.Token);
        await PatchStatusAsync("pod", $"agent-{Started}", """{"phase": "Running", "podIP": "127.0.0.1"}""");
        await PatchStatusAsync("daemonset", daemonSet, $$"""{"observedGeneration": {{wanted["metadata"]!["generation"]}}, "desiredNumberScheduled": 1, "currentNumberScheduled": 1, "numberMisscheduled": 0, "numberReady": 1, "numberAvailable": 1}""");
    }

    Task<string> PatchStatusAsync(string kind, string name, string status) =>
        kubectl.RunAsync(["patch", kind, name, "-n", @namespace, "--subresource=status", "--type=merge", "--patch", $$"""{"status": {{status}}}"""], stop.Token);

    async Task<JsonObject?> GetAsync(string kind, string name)
    {
        var found = await kubectl.TryAsync(["get", kind, name, "-n", @namespace, "-o", "json"], stop.Token);
        return found.ExitCode == 0 ? JsonNode.Parse(found.Output)!.AsObject() : null;
    }

    static string Template(JsonObject wanted) => wanted["spec"]!["template"]!.ToJsonString();
}
