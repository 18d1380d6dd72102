using System.Text.Json.Nodes;

namespace ClusterTrail.Trails.Manifests;

/// <summary>A volume of an agent's pod, and where its container has it.</summary>
/// <param name="Volume">Null of one that a StatefulSet makes.</param>
sealed record AgentVolume(JsonObject? Volume, JsonObject Mount)
{
    /// <param name="source">What the volume is, such as <c>hostPath</c>.</param>
    public static AgentVolume Of(string name, string path, string source, JsonObject value) =>
        new(new() { ["name"] = name, [source] = value }, new() { ["name"] = name, ["mountPath"] = path });

    /// <summary>A folder of the node; the kubelet makes it, as root's, when it is not there.</summary>
    public static AgentVolume OfHost(string name, string path, string hostPath) => OfHost(name, path, hostPath, "DirectoryOrCreate");

    /// <summary>A folder of the node that must exist already: without it, the pod waits.</summary>
    public static AgentVolume OfHostThatExists(string name, string path, string hostPath) => OfHost(name, path, hostPath, "Directory");

    /// <summary>
    /// A folder of what a StatefulSet's template of a claim makes for each of its pods: file systems have folders of their own.
    /// </summary>
    public static AgentVolume OfClaim(string name, string path) =>
        new(null, new() { ["name"] = name, ["mountPath"] = path, ["subPath"] = "clustertrail" });

    public AgentVolume ReadOnly()
    {
        var mount = Mount.DeepClone().AsObject();
        mount["readOnly"] = true;
        return this with { Mount = mount };
    }

    static AgentVolume OfHost(string name, string path, string hostPath, string type) =>
        Of(name, path, "hostPath", new() { ["path"] = hostPath, ["type"] = type });
}
