using k8s.Models;

namespace ClusterTrail.Kubectl.Render;

/// <summary>The operator as it is installed.</summary>
static class OperatorDeployment
{
    internal const string Name = "clustertrail-operator";

    const string ImageOption = "--agent-image=";
    const string PeersOption = "--telemetry-from=";

    /// <summary>What agents run where a Trail names no image; null if the operator is started in another way than by the chart.</summary>
    internal static string? AgentImage(V1Deployment installed) => Argument(installed, ImageOption);

    /// <summary>Who may connect to the agents' telemetry; null means everyone.</summary>
    internal static string? TelemetryPeers(V1Deployment installed) => Argument(installed, PeersOption);

    static string? Argument(V1Deployment installed, string option) =>
        (from container in installed.Spec?.Template?.Spec?.Containers ?? []
         from argument in container.Args ?? []
         where argument.StartsWith(option, StringComparison.Ordinal)
         select argument[option.Length..]).FirstOrDefault();
}
