using System.Text.Json.Serialization;

namespace ClusterTrail.Kubernetes;

public sealed record Container(string Name, IReadOnlyList<ContainerPort>? Ports = null);

/// <param name="Number">What the API calls containerPort.</param>
public sealed record ContainerPort(string? Name = null, [property: JsonPropertyName("containerPort")] int Number = 0);
