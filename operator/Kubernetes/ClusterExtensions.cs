using k8s;
using k8s.Models;

namespace ClusterTrail.Kubernetes;

/// <summary>The methods of <see cref="ICluster"/> for resources that know their own type.</summary>
public static class ClusterExtensions
{
    public static Task<T?> GetAsync<T>(this ICluster cluster, ObjectKey key, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        cluster.GetAsync<T>(ResourceType.Of<T>(), key, cancellationToken);

    public static Task<ResourcePage<T>> ListAsync<T>(this ICluster cluster, ListQuery query, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        cluster.ListAsync<T>(ResourceType.Of<T>(), query, cancellationToken);

    public static Task<ResourcePage<T>> ListAsync<T>(
        this ICluster cluster, ResourceType type, ListQuery query, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        cluster.ListAsync<T>(type, query, Whole, cancellationToken);

    public static IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        this ICluster cluster, ListQuery query, string resourceVersion, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        cluster.WatchAsync<T>(ResourceType.Of<T>(), query, resourceVersion, cancellationToken);

    public static Task<T> SaveAsync<T>(this ICluster cluster, T resource, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        cluster.SaveAsync(ResourceType.Of<T>(), resource, cancellationToken);

    public static Task DeleteAsync(this ICluster cluster, ResourceType type, ObjectKey key, CancellationToken cancellationToken) =>
        cluster.DeleteAsync(type, key, uid: null, cancellationToken);

    /// <summary>All pages of a list, read one after the other.</summary>
    public static Task<ResourcePage<T>> ListAllAsync<T>(
        this ICluster cluster, ResourceType type, ListQuery query, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        cluster.ListAllAsync<T>(type, query, Whole, cancellationToken);

    /// <summary>All pages of a list, read one after the other, with what is to be kept of each object.</summary>
    public static async Task<ResourcePage<T>> ListAllAsync<T>(
        this ICluster cluster, ResourceType type, ListQuery query, Func<T, T?> keep, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var items = new List<T>();
        var undecodable = new List<ObjectKey>();
        while (true)
        {
            var page = await cluster.ListAsync(type, query, keep, cancellationToken);
            items.AddRange(page.Items);
            undecodable.AddRange(page.Undecodable);
            if (page.Continue is null)
                return new(items, page.ResourceVersion, Continue: null) { Undecodable = undecodable };
            query = query with { Continue = page.Continue, Limit = PageSize.After(query.Limit, page.Bytes) };
        }
    }

    static T? Whole<T>(T item) where T : class => item;
}
