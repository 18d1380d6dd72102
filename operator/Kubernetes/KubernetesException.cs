using System.Net;
using k8s.Models;

namespace ClusterTrail.Kubernetes;

/// <summary>The API server answered, and the answer was no.</summary>
public sealed class KubernetesException(V1Status status)
    : Exception($"The API server answered {status.Code} {status.Reason}: {status.Message}")
{
    public V1Status Status { get; } = status;

    public bool IsNotFound => Is(HttpStatusCode.NotFound);

    /// <summary>The object has changed meanwhile, another manager owns a field, or an object of this name exists.</summary>
    public bool IsConflict => Is(HttpStatusCode.Conflict);

    /// <summary>The requested resource version or page is too old; list again.</summary>
    public bool IsGone => Is(HttpStatusCode.Gone);

    public bool IsForbidden => Is(HttpStatusCode.Forbidden);

    /// <summary>The object breaks a rule of its kind.</summary>
    public bool IsInvalid => Is(HttpStatusCode.UnprocessableEntity);

    bool Is(HttpStatusCode code) => Status.Code == (int)code;
}
