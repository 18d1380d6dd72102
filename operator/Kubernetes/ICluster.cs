using k8s;
using k8s.Models;

namespace ClusterTrail.Kubernetes;

/// <summary>What this product needs of a Kubernetes API server: seven methods, so that the client library can be replaced.</summary>
/// <remarks>
/// Guarantee: all failures that the API server reports are a <see cref="KubernetesException"/>.
/// <see cref="ClusterExtensions"/> saves the type where the resource knows it.
/// </remarks>
public interface ICluster
{
    /// <returns>Nothing if it is not there, or if its kind is not.</returns>
    Task<T?> GetAsync<T>(ResourceType type, ObjectKey key, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>One page of the objects. The next page is the same query with <see cref="ResourcePage{T}.Continue"/>.</summary>
    /// <param name="keep">
    /// What to keep of each object, nothing to leave it out. It is called before the next object is read, so that the memory for a page
    /// does not depend on the size of what others have written into its objects.
    /// </param>
    Task<ResourcePage<T>> ListAsync<T>(ResourceType type, ListQuery query, Func<T, T?> keep, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Follows changes after <paramref name="resourceVersion"/> until the server ends the stream. An informer recovers.</summary>
    /// <exception cref="KubernetesException">The version is too old (<see cref="KubernetesException.IsGone"/>): list again.</exception>
    IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        ResourceType type, ListQuery query, string resourceVersion, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>
    /// Creates the object, or makes the fields we own equal to <paramref name="desired"/>. What we applied before and leave out now is
    /// removed.
    /// </summary>
    /// <returns>The object's metadata as the server keeps it.</returns>
    Task<V1ObjectMeta> ApplyAsync(JsonResource desired, CancellationToken cancellationToken);

    /// <summary>The same for the status subresource of an object that exists.</summary>
    Task<V1ObjectMeta> ApplyStatusAsync(JsonResource desired, CancellationToken cancellationToken);

    /// <summary>
    /// Creates the object if it has no resource version; otherwise writes its fields unless it has changed since. Fields that
    /// <typeparamref name="T"/> does not model stay as they are.
    /// </summary>
    /// <exception cref="KubernetesException">It has changed meanwhile (<see cref="KubernetesException.IsConflict"/>).</exception>
    Task<T> SaveAsync<T>(ResourceType type, T resource, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Deletes the object. Deleting one that does not exist is not an error.</summary>
    /// <param name="uid">If given, only the object of this uid is deleted, and another one of the same name is a conflict.</param>
    Task DeleteAsync(ResourceType type, ObjectKey key, string? uid, CancellationToken cancellationToken);
}
