using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Operator.Agents;

/// <summary>Where an agent's pages are.</summary>
static class AgentAddress
{
    public static string Of(V1Pod pod, string address, Trail trail, string path) => $"http://{Host(address)}:{PortOf(pod, trail)}{path}";

    // The pod's own: the Trail's may have changed since it was made.
    static int PortOf(V1Pod pod, Trail trail) =>
        (pod.Spec?.Containers ?? []).SelectMany(container => container.Ports ?? [])
            .FirstOrDefault(port => port.Name == AgentNames.TelemetryPort)?.ContainerPort ?? trail.Spec.Telemetry.Port;

    static string Host(string address) => address.Contains(':') ? $"[{address}]" : address;
}
