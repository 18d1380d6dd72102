namespace ClusterTrail.Kubernetes.Tests.Connecting;

static class ClientExtensions
{
    /// <summary>Through all that the client's own requests pass.</summary>
    public static Task<HttpResponseMessage> GetAsync(this k8s.Kubernetes client, string path, CancellationToken cancellationToken) =>
        client.HttpClient.GetAsync(new Uri(client.BaseUri, path), cancellationToken);
}
