using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterTrail.Kubernetes.Http;

/// <summary>One request, which can be sent several times.</summary>
/// <param name="IsRepeatable">Whether sending it twice does what sending it once does.</param>
sealed record ApiRequest(HttpMethod Method, string Path, bool IsRepeatable = true)
{
    byte[]? content;
    string? mediaType;

    public ApiRequest With(JsonNode body, string type = "application/json") =>
        this with { content = JsonSerializer.SerializeToUtf8Bytes(body, KubernetesJson.Options), mediaType = type };

    public HttpRequestMessage ToMessage()
    {
        // HTTP/2 wherever the server speaks it; the client default would only reach its own convenience methods.
        var message = new HttpRequestMessage(Method, Path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (content is not null)
            message.Content = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType!) } };
        return message;
    }

    // Without the query: a page's token would only hide the rest.
    public override string ToString() => $"{Method} /{Path.Split('?')[0]}";
}
