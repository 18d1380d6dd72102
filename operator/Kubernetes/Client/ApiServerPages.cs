using System.Collections.Concurrent;
using ClusterTrail.Kubernetes.Connecting;

namespace ClusterTrail.Kubernetes.Client;

/// <summary><see cref="IApiServerPages"/> with the operator's own credential and authorities.</summary>
public sealed class ApiServerPages(ClusterConnection connection) : IApiServerPages, IDisposable
{
    // In the certificate of every API server, whatever its address is.
    const string CommonName = "kubernetes.default.svc";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    readonly ConcurrentDictionary<string, HttpClient> clients = new();

    public async Task<Stream> MetricsAsync(string address, CancellationToken cancellationToken)
    {
        var client = clients.GetOrAdd(address, Client);
        var response = await client.GetAsync(
            new Uri($"https://{address}/metrics"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
            return await response.Content.ReadAsStreamAsync(cancellationToken);
        using (response)
            throw new HttpRequestException($"it answers {(int)response.StatusCode} to /metrics", null, response.StatusCode);
    }

    public void Dispose()
    {
        foreach (var client in clients.Values)
            client.Dispose();
    }

    HttpClient Client(string address)
    {
        var own = connection.To(new($"https://{address}"), CommonName);
        return new(new CredentialHandler(own) { InnerHandler = own.CreateTransport(own.Certificate) }) { Timeout = Patience };
    }
}
