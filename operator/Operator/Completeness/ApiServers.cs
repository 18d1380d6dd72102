using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Operator.Completeness;

/// <summary>The API servers of the cluster: the endpoints of its Service kubernetes.</summary>
/// <param name="pages">Null: nobody looks.</param>
sealed class ApiServers(ICluster cluster, IApiServerPages? pages)
{
    const int Most = 50;

    // The API servers write their own addresses into this one. Others with its label somebody else has made.
    static readonly ObjectKey Slice = new("default", "kubernetes");

    // For a whole page: one that stalls must not keep the others from being compared.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public async Task<IReadOnlyList<ApiServer>> FindAsync(CancellationToken cancellationToken)
    {
        var slice = await cluster.GetAsync<V1EndpointSlice>(Slice, cancellationToken);
        return
        [
            .. (from port in slice?.Ports ?? []
                where port is { Name: "https", Port: not null }
                from endpoint in slice?.Endpoints ?? []
                from address in endpoint.Addresses ?? []
                select new ApiServer(address, port.Port!.Value)).Distinct().OrderBy(one => one.Host, StringComparer.Ordinal).Take(Most),
        ];
    }

    /// <summary>What each of them has counted, or why that is not known.</summary>
    public async Task<IReadOnlyDictionary<ApiServer, CountsAnswer>> CountAsync(
        IReadOnlyList<ApiServer> servers, CancellationToken cancellationToken) =>
        (await Task.WhenAll(servers.Select(async server => (server, await CountAsync(server, cancellationToken))))).ToDictionary();

    async Task<CountsAnswer> CountAsync(ApiServer server, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await using var page = await pages!.MetricsAsync(server.Address, limit.Token);
            return new(await ServerCounters.ReadAsync(page, limit.Token), null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, $"it does not send its metrics within {Patience.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
        {
            // What is wrong with a certificate only the inner one says.
            return new(null, e is HttpRequestException { InnerException: { } inner } ? inner.GetBaseException().Message : e.Message);
        }
    }
}
