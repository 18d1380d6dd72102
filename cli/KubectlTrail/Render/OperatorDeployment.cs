using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;

namespace ClusterTrail.Kubectl.Render;

/// <summary>The operator as it is installed.</summary>
sealed record OperatorDeployment : Resource, IResource<OperatorDeployment>
{
    internal const string Name = "clustertrail-operator";

    const string ImageOption = "--agent-image=";

    public static ResourceType Definition { get; } = new("apps", "v1", "Deployment", "deployments");

    public JsonObject? Spec { get; init; }

    /// <summary>What agents run where a Trail names no image; null if the operator is started in another way than by the chart.</summary>
    internal string? AgentImage =>
        (from container in Spec?["template"]?["spec"]?["containers"] as JsonArray ?? []
         from argument in container?["args"] as JsonArray ?? []
         let text = (string?)argument
         where text?.StartsWith(ImageOption, StringComparison.Ordinal) == true
         select text[ImageOption.Length..]).FirstOrDefault();
}
