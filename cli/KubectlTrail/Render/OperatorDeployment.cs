using k8s.Models;

namespace ClusterTrail.Kubectl.Render;

/// <summary>The operator as it is installed.</summary>
static class OperatorDeployment
{
    internal const string Name = "clustertrail-operator";

    const string ImageOption = "--agent-image=";

    /// <summary>What agents run where a Trail names no image; null if the operator is started in another way than by the chart.</summary>
    internal static string? AgentImage(V1Deployment installed) =>
        (from container in installed.Spec?.Template?.Spec?.Containers ?? []
         from argument in container.Args ?? []
         where argument.StartsWith(ImageOption, StringComparison.Ordinal)
         select argument[ImageOption.Length..]).FirstOrDefault();
}
