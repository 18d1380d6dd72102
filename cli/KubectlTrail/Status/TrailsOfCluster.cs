using System.Diagnostics.Metrics;
using ClusterTrail.Kubernetes;
using ClusterTrail.Kubernetes.Connecting;
using ClusterTrail.Kubernetes.Http;
using ClusterTrail.Trails;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Kubectl.Status;

/// <summary>Reads the Trails of a cluster; what hinders it becomes a sentence.</summary>
sealed class TrailsOfCluster : IDisposable
{
    // A person waits for this.
    static readonly ClusterOptions Options = new()
    {
        FieldManager = "kubectl-trail",
        RequestTimeout = TimeSpan.FromSeconds(10),
        FirstRetryDelay = TimeSpan.FromMilliseconds(100),
    };

    readonly ClusterConnection connection;
    readonly HttpClient http;
    readonly Meter meter = new(KubernetesMetrics.MeterName);
    readonly HttpCluster cluster;

    TrailsOfCluster(ClusterConnection connection)
    {
        this.connection = connection;
        http = connection.CreateClient($"kubectl-trail/{typeof(TrailsOfCluster).Assembly.GetName().Version?.ToString(3)}");
        cluster = new(http, Options, new(meter), TimeProvider.System, NullLogger<HttpCluster>.Instance);
    }

    internal static TrailsOfCluster Connect(ClusterConnection connection) => new(connection);

    /// <exception cref="TrailException">It is not there, or cannot be read.</exception>
    internal Task<Trail> GetAsync(string name, CancellationToken cancellationToken) => ReadAsync(async () =>
        await cluster.GetAsync<Trail>(new(null, name), cancellationToken)
        ?? throw new TrailException(ExitCode.BadUsage, $"{connection} has no Trail {name}; 'kubectl get trails' shows those it has"));

    /// <summary>All Trails, by name. One that cannot be read is reported.</summary>
    /// <exception cref="TrailException">They cannot be read.</exception>
    internal Task<IReadOnlyList<Trail>> ListAsync(Problems problems, CancellationToken cancellationToken) => ReadAsync<IReadOnlyList<Trail>>(async () =>
    {
        var page = await cluster.ListAllAsync<Trail>(Trail.Definition, new(), cancellationToken);
        foreach (var key in page.Undecodable)
            problems.Report(ExitCode.Unreadable, $"Trail {key} cannot be read: it is not of the form that this version knows; use the plugin of the operator's version");
        return [.. page.Items.OrderBy(trail => trail.Metadata.Name, StringComparer.Ordinal)];
    });

    public void Dispose()
    {
        http.Dispose();
        meter.Dispose();
    }

    async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (ConnectionException e)
        {
            throw new TrailException(ExitCode.BadUsage, e.Message, e);
        }
        catch (KubernetesException e) when (e.IsNotFound)
        {
            throw new TrailException(ExitCode.Unreadable, $"{connection} does not know Trails; install ClusterTrail's custom resources there, or name another --context", e);
        }
        catch (Exception e) when (e is KubernetesException or TimeoutException or InvalidDataException)
        {
            throw new TrailException(ExitCode.Unreadable, $"The Trails of {connection} cannot be read: {e.Message}", e);
        }
        catch (HttpRequestException e)
        {
            throw new TrailException(ExitCode.Unreadable, $"{connection} cannot be reached: {e.InnerException?.Message ?? e.Message}", e);
        }
    }
}
