using System.Text.Json.Nodes;

namespace ClusterTrail.Testing.Nodes.Admission;

/// <summary>A pod's spec, as Pod Security looks into it.</summary>
sealed record PodToCheck(JsonNode Spec)
{
    public JsonNode? Security => Spec["securityContext"];

    public IReadOnlyList<JsonNode> Containers => [.. Spec["containers"]!.AsArray().Select(container => container!)];

    public IReadOnlyList<string> Names => [.. Containers.Select(container => (string)container["name"]!)];

    public IReadOnlyList<string> HostPorts =>
    [
        .. from container in Containers
           from port in container["ports"]?.AsArray() ?? []
           where port!["hostPort"] is not null
           select $"{port["hostPort"]}",
    ];

    /// <summary>What each volume is, such as <c>hostPath</c>.</summary>
    public IEnumerable<string> VolumeKinds => Volumes.Select(KindOf);

    IEnumerable<JsonObject> Volumes => (Spec["volumes"]?.AsArray() ?? []).Select(volume => volume!.AsObject());

    public static IEnumerable<string> Words(JsonNode? words) => (words?.AsArray() ?? []).Select(word => (string)word!);

    public bool Has(string name) => Spec[name]?.GetValue<bool>() == true;

    public IReadOnlyList<string> VolumesOf(string kind) =>
        [.. Volumes.Where(volume => KindOf(volume) == kind).Select(volume => (string)volume["name"]!)];

    // A volume without a source is an emptyDir.
    static string KindOf(JsonObject volume) => volume.FirstOrDefault(member => member.Key != "name").Key ?? "emptyDir";
}
