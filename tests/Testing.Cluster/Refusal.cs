using ClusterTrail.Kubernetes;

namespace ClusterTrail.Testing;

/// <summary>The refusals of an API server.</summary>
static class Refusal
{
    public static KubernetesException NotFound(ResourceType type, ObjectKey key) => new(new(404, "NotFound", $"{type.Plural} \"{key.Name}\" not found"));

    public static KubernetesException AlreadyExists(ResourceType type, ObjectKey key) =>
        new(new(409, "AlreadyExists", $"{type.Plural} \"{key.Name}\" already exists"));

    public static KubernetesException Conflict(string message) => new(new(409, "Conflict", message));

    public static KubernetesException Expired() => new(new(410, "Expired", "too old resource version"));

    public static KubernetesException BadRequest(string message) => new(new(400, "BadRequest", message));
}
