using System.Diagnostics.Metrics;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Kubernetes;
using ClusterTrail.Kubernetes.Client;
using ClusterTrail.Kubernetes.Connecting;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Kubectl.Clusters;

/// <summary>Reads objects of a cluster; what hinders it becomes a sentence.</summary>
sealed class ClusterReader : IDisposable
{
    // A person waits for this.
    static readonly ClusterOptions Options = new()
    {
        FieldManager = "kubectl-trail",
        UserAgent = $"kubectl-trail/{typeof(ClusterReader).Assembly.GetName().Version?.ToString(3)}",
        RequestTimeout = TimeSpan.FromSeconds(10),
        FirstRetryDelay = TimeSpan.FromMilliseconds(100),
    };

    readonly ClusterConnection connection;
    readonly Meter meter = new(KubernetesMetrics.MeterName);
    readonly KubernetesCluster cluster;

    internal ClusterReader(ClusterConnection connection)
    {
        this.connection = connection;
        cluster = new(connection, Options, new(meter), TimeProvider.System, NullLogger<KubernetesCluster>.Instance);
    }

    /// <summary>How the cluster is called in sentences.</summary>
    internal string Name => $"{connection}";

    /// <returns>Nothing if it is not there, or if its kind is not.</returns>
    /// <exception cref="TrailException">It cannot be read.</exception>
    internal Task<T?> FindAsync<T>(ObjectKey key, CancellationToken cancellationToken)
        where T : class, k8s.IKubernetesObject<V1ObjectMeta> =>
        ReadAsync<T, T?>(() => cluster.GetAsync<T>(key, cancellationToken));

    /// <summary>All objects of a kind, by name. One that cannot be read is reported.</summary>
    /// <exception cref="TrailException">They cannot be read.</exception>
    internal Task<IReadOnlyList<T>> ListAsync<T>(string? @namespace, ProblemLog problems, CancellationToken cancellationToken)
        where T : class, k8s.IKubernetesObject<V1ObjectMeta> => ReadAsync<T, IReadOnlyList<T>>(async () =>
    {
        var page = await cluster.ListAllAsync<T>(ResourceType.Of<T>(), new(@namespace), cancellationToken);
        foreach (var key in page.Undecodable)
            problems.Report(
                ExitCode.Unreadable,
                $"{ResourceType.Of<T>().Kind} {key} cannot be read, because this version of the plugin does not know its format; "
                    + "use the version of the operator");
        return [.. page.Items.OrderBy(item => $"{item.Key}", StringComparer.Ordinal)];
    });

    public void Dispose()
    {
        cluster.Dispose();
        meter.Dispose();
    }

    async Task<TResult> ReadAsync<T, TResult>(Func<Task<TResult>> read) where T : class, k8s.IKubernetesObject<V1ObjectMeta>
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
            throw new TrailException(
                ExitCode.Unreadable,
                $"{connection} does not know {ResourceType.Of<T>().Kind}s; install ClusterTrail's custom resources there, "
                    + "or name another --context",
                e);
        }
        catch (Exception e) when (e is KubernetesException or TimeoutException or InvalidDataException)
        {
            throw new TrailException(
                ExitCode.Unreadable, $"The {ResourceType.Of<T>().Kind}s of {connection} cannot be read: {e.Message}", e);
        }
        catch (HttpRequestException e)
        {
            throw new TrailException(ExitCode.Unreadable, $"{connection} cannot be reached: {e.InnerException?.Message ?? e.Message}", e);
        }
    }
}
