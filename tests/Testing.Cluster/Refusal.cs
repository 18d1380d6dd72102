using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Testing;

/// <summary>The refusals of an API server.</summary>
public static class Refusal
{
    public static KubernetesException Of(int code, string reason, string message) =>
        new(new V1Status { Code = code, Reason = reason, Message = message });

    public static KubernetesException NotFound(ResourceType type, ObjectKey key) =>
        Of(404, "NotFound", $"{type.Plural} \"{key.Name}\" not found");

    public static KubernetesException AlreadyExists(ResourceType type, ObjectKey key) =>
        Of(409, "AlreadyExists", $"{type.Plural} \"{key.Name}\" already exists");

    public static KubernetesException Conflict(string message) => Of(409, "Conflict", message);

    public static KubernetesException Expired() => Of(410, "Expired", "too old resource version");

    public static KubernetesException BadRequest(string message) => Of(400, "BadRequest", message);
}
