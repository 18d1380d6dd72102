using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Operator.Completeness;

/// <summary>The API servers of the cluster: the endpoints of its Service kubernetes.</summary>
/// <param name="pages">Null: nobody looks.</param>
sealed class ApiServers(ICluster cluster, IApiServerPages? pages)
{
    const int Most = 50;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Their addresses and ports.</summary>
    public async Task<IReadOnlyList<ApiServer>> FindAsync(CancellationToken cancellationToken)
    {
        var slices = await cluster.ListAsync<V1EndpointSlice>(
            new("default", LabelSelector: "kubernetes.io/service-name=kubernetes"), cancellationToken);
        return
        [
            .. (from slice in slices.Items
                from port in slice.Ports ?? []
                where port is { Name: "https", Port: not null }
                from endpoint in slice.Endpoints ?? []
                from address in endpoint.Addresses ?? []
                select new ApiServer(address, port.Port!.Value)).Distinct().OrderBy(one => one.Host, StringComparer.Ordinal).Take(Most),
        ];
    }

    /// <summary>What each of them has counted.</summary>
    /// <exception cref="InvalidDataException">One does not answer, refuses, or does not count events.</exception>
    public async Task<IReadOnlyList<(ApiServer Server, ServerCounters Counters)>> CountAsync(
        IReadOnlyList<ApiServer> servers, CancellationToken cancellationToken) =>
        await Task.WhenAll(servers.Select(async server =>
        {
            // For the whole page: one that stalls must not keep the others from being compared for ever.
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Patience);
            try
            {
                await using var page = await pages!.MetricsAsync(server.Address, limit.Token);
                return (server, await ServerCounters.ReadAsync(page, limit.Token));
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new InvalidDataException($"the API server at {server.Address} does not send its metrics within {Patience.TotalSeconds:0} s", e);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
            {
                throw new InvalidDataException($"the API server at {server.Address}: {e.Message}", e);
            }
        }));
}

/// <summary>One API server.</summary>
sealed record ApiServer(string Host, int Port)
{
    public string Address => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
