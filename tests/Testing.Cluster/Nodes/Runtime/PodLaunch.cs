using System.Text.Json.Nodes;

namespace ClusterTrail.Testing.Nodes;

/// <summary>A pod's container that is to be started.</summary>
/// <param name="Container">The first of the pod's spec, which is the only one that runs.</param>
/// <param name="Volumes">Those of the pod, mounted.</param>
public sealed record PodLaunch(string Node, string Ip, Seen Pod, JsonObject Container, IReadOnlyList<PodVolume> Volumes)
{
    /// <summary>The container's arguments.</summary>
    public IReadOnlyList<string> Arguments => [.. (Container["args"]?.AsArray() ?? []).Select(argument => (string)argument!)];

    /// <summary>Its environment, with what stands for fields of the pod filled in.</summary>
    public IEnumerable<KeyValuePair<string, string>> Environment =>
        (Container["env"]?.AsArray() ?? []).Select(variable => KeyValuePair.Create((string)variable!["name"]!, ValueOf(variable)));

    /// <summary>The only capabilities that it has; null where the container runtime decides.</summary>
    public IReadOnlyList<string>? Capabilities =>
        Container["securityContext"]?["capabilities"] is { } set && set["drop"]?.AsArray().Any(name => (string?)name == "ALL") == true
            ? [.. (set["add"]?.AsArray() ?? []).Select(name => (string)name!)]
            : null;

    /// <summary>Where each volume is mounted.</summary>
    public IEnumerable<(PodVolume Volume, string Path, bool IsReadOnly)> Mounts =>
        from mount in Container["volumeMounts"]?.AsArray() ?? []
        let volume = Volumes.Single(one => one.Name == (string)mount!["name"]!)
        select (volume, (string)mount["mountPath"]!, mount["readOnly"]?.GetValue<bool>() == true);

    string ValueOf(JsonNode variable) => (string?)variable["valueFrom"]?["fieldRef"]?["fieldPath"] switch
    {
        "spec.nodeName" => Node,
        "status.podIP" => Ip,
        null => (string?)variable["value"] ?? "",
        var path => throw new InvalidOperationException($"A kubelet of this double knows no {path}."),
    };
}
