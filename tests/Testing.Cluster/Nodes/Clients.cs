using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Testing.Nodes;

/// <summary>The cluster as each part of Kubernetes reaches it, under the field manager's name that it has there.</summary>
sealed class Clients(Func<string, ICluster> connect)
{
    readonly ICluster controllers = connect("kube-controller-manager");
    readonly ICluster scheduler = connect("kube-scheduler");
    readonly ICluster kubelet = connect("kubelet");
    readonly ICluster admin = connect("kubectl");
    int writes;

    /// <summary>How often anything was written: a round that leaves it as it was has nothing more to do.</summary>
    public int Writes => Volatile.Read(ref writes);

    /// <summary>What was written last.</summary>
    public string LastWrite { get; private set; } = "nothing";

    public ICluster Reading => controllers;

    public ICluster Of(Part part) => part switch
    {
        Part.ControllerManager => controllers,
        Part.Scheduler => scheduler,
        Part.Kubelet => kubelet,
        _ => admin,
    };

    public async Task ApplyAsync(Part part, ResourceType type, JsonObject json, CancellationToken cancellationToken)
    {
        Note(type, $"{json["metadata"]}");
        await Of(part).ApplyAsync(new(type, json), cancellationToken);
    }

    /// <summary>Writes fields of an object that must still be the one that was seen.</summary>
    public Task ApplyAsync(Part part, ResourceType type, Seen seen, JsonObject fields, CancellationToken cancellationToken)
    {
        var metadata = fields["metadata"] as JsonObject ?? [];
        fields["metadata"] = Identify(seen, metadata);
        return ApplyAsync(part, type, fields, cancellationToken);
    }

    public async Task ApplyStatusAsync(Part part, ResourceType type, Seen seen, JsonObject status, CancellationToken cancellationToken)
    {
        Note(type, $"{seen.Key} {status.ToJsonString()} in place of {seen.Status?.ToJsonString()}");
        await Of(part).ApplyStatusAsync(
            new(type, new() { ["metadata"] = Identify(seen, []), ["status"] = status.DeepClone() }), cancellationToken);
    }

    public async Task DeleteAsync(Part part, ResourceType type, Seen seen, CancellationToken cancellationToken)
    {
        Note(type, $"the deletion of {seen.Key}");
        await Of(part).DeleteAsync(type, seen.Key, seen.Uid, cancellationToken);
    }

    /// <summary>Removes what holds a deleted pod. The next version of it, if there is one by now, is for the next round.</summary>
    public async Task LetGoAsync(Part part, Seen pod, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref writes);
        await Of(part).SaveAsync(
            ResourceType.Of<V1Pod>(), new PartialResource { Metadata = pod.Metadata with { Finalizers = [] } }, cancellationToken);
    }

    public async Task<IReadOnlyList<Seen>> ListAsync(ResourceType type, CancellationToken cancellationToken) =>
        (await Reading.ListAllAsync<Seen>(type, new(), cancellationToken)).Items;

    void Note(ResourceType type, string what)
    {
        Interlocked.Increment(ref writes);
        LastWrite = $"{type.Kind}: {what}";
    }

    // With its uid, nobody makes an object anew that was deleted meanwhile.
    static JsonObject Identify(Seen seen, JsonObject metadata)
    {
        (metadata["name"], metadata["uid"]) = (seen.Metadata.Name, seen.Uid);
        if (seen.Metadata.NamespaceProperty is { } @namespace)
            metadata["namespace"] = @namespace;
        return metadata;
    }
}
