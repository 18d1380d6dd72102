using System.Text;
using System.Text.Json;

namespace ClusterTrail.Agent.Sources;

/// <summary>A container as Kubernetes calls it, and what of its output is asked for.</summary>
sealed class ContainerIdentity(string @namespace, string pod, string uid, string container, IReadOnlyList<OutputRule> rules)
{
    /// <summary>They may change while the container is followed.</summary>
    public IReadOnlyList<OutputRule> Rules { get; set; } = rules;

    public byte[] Namespace { get; } = Encoding.UTF8.GetBytes(@namespace);

    public byte[] PodUid { get; } = Encoding.UTF8.GetBytes(uid);

    /// <summary>Its pod, as a record's <c>objectRef</c>.</summary>
    public byte[] ObjectRef { get; } = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
    {
        ["resource"] = "pods",
        ["namespace"] = @namespace,
        ["name"] = pod,
        ["uid"] = uid,
    });

    /// <summary>The member <c>container</c> of a record's event.</summary>
    public byte[] Json { get; } = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
    {
        ["name"] = container,
        ["namespace"] = @namespace,
        ["pod"] = pod,
        ["podUID"] = uid,
    });
}
