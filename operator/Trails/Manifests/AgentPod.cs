using System.Text.Json.Nodes;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Trails.Manifests;

/// <summary>An agent's pod, apart from its container.</summary>
public static class AgentPod
{
    // A stopping agent spools, uploads for shutdownGraceSeconds, and waits a little for a put that hangs and a last push.
    const int EndSeconds = 15;

    /// <summary>The pods' priority class, unless the Trail names another.</summary>
    public const string Priority = "system-node-critical";

    /// <summary>The same of the one that is on no certain node.</summary>
    public const string PriorityOfCollected = "system-cluster-critical";

    internal static JsonObject Build(Trail trail, RoleFiles role, AgentInputs inputs)
    {
        var agent = role.Agent;
        var volumes = AgentVolumes.Of(trail, role);
        return new()
        {
            ["serviceAccountName"] = new AgentNames(trail.Metadata.Name).Shared,
            ["automountServiceAccountToken"] = false,
            ["enableServiceLinks"] = false,
            ["nodeSelector"] = AgentPlacement.NodeSelector(agent),
            ["affinity"] = AgentPlacement.Affinity(agent),
            ["tolerations"] = AgentPlacement.Tolerations(agent),
            ["priorityClassName"] = agent.PriorityClassName ?? Priority,
            ["imagePullSecrets"] = agent.ImagePullSecrets?.DeepClone(),
            ["terminationGracePeriodSeconds"] = role.GraceSeconds + EndSeconds,
            ["securityContext"] = SecurityContext(),
            ["containers"] = new JsonArray(AgentContainer.Build(trail, role, inputs, volumes)),
            ["volumes"] = new JsonArray(
                [.. volumes.Select(volume => volume.Volume).OfType<JsonObject>(), .. AgentVolumes.Copies(agent.ExtraVolumes)]),
        };
    }

    // Root owns the log and the folder that the kubelet makes for the state, and capabilities that are added reach root only.
    static JsonObject SecurityContext() => new()
    {
        ["runAsUser"] = 0,
        ["runAsGroup"] = 0,
        ["runAsNonRoot"] = false,
        ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
    };
}
