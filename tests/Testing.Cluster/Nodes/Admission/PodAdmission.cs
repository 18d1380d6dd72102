using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace ClusterTrail.Testing.Nodes.Admission;

/// <summary>
/// What an API server asks before it takes a pod: Pod Security by the namespace's label, and whatever a test has it refuse.
/// </summary>
sealed class PodAdmission
{
    readonly ConcurrentDictionary<string, PodRefusal> refusals = new();

    public void Refuse(string @namespace, PodRefusal? refusal)
    {
        if (refusal is null)
            refusals.TryRemove(@namespace, out _);
        else
            refusals[@namespace] = refusal;
    }

    /// <returns>The API server's sentence; nothing if it takes the pod.</returns>
    public string? Refusal(Seen? @namespace, JsonObject pod)
    {
        var name = (string)pod["metadata"]!["name"]!;
        if (@namespace is not null && refusals.TryGetValue(@namespace.Metadata.Name, out var refusal))
            return refusal.Of(name);
        return PodSecurity.Violation(@namespace, pod) is { } violation ? $"pods \"{name}\" is forbidden: {violation}" : null;
    }
}
