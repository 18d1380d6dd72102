using System.Net;
using System.Text.Json;
using k8s.Models;

namespace ClusterTrail.Kubernetes.Client;

/// <summary>Makes exceptions of the answers that are a no.</summary>
static class Refusals
{
    const int LongestMessage = 500;

    // A proxy in front of the API server may answer with something other than a Status.
    public static KubernetesException Of(HttpStatusCode code, string text)
    {
        try
        {
            if (JsonSerializer.Deserialize<V1Status>(text, KubernetesJson.Options) is { Code: > 0 } status)
                return new(status);
        }
        catch (JsonException)
        {
        }

        var message = text.Length > LongestMessage ? text[..LongestMessage] : text;
        return new(new V1Status { Code = (int)code, Reason = code.ToString(), Message = message });
    }
}
