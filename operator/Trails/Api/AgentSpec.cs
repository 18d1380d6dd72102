using System.Text.Json.Nodes;

namespace ClusterTrail.Trails.Api;

/// <summary>How the agents' pods are made. What is of Kubernetes' own shape is kept as JSON.</summary>
public sealed record AgentSpec
{
    public string? Image { get; init; }

    public string? ImagePullPolicy { get; init; }

    public JsonArray? ImagePullSecrets { get; init; }

    public string StateDirectory { get; init; } = "/var/lib/clustertrail";

    public JsonObject? Resources { get; init; }

    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    public JsonArray? Tolerations { get; init; }

    public string? PriorityClassName { get; init; }

    public IReadOnlyDictionary<string, string>? PodLabels { get; init; }

    public IReadOnlyDictionary<string, string>? PodAnnotations { get; init; }

    public IReadOnlyDictionary<string, string>? ServiceAccountAnnotations { get; init; }

    public JsonArray? ExtraEnv { get; init; }

    public JsonArray? ExtraVolumes { get; init; }

    public JsonArray? ExtraVolumeMounts { get; init; }
}
