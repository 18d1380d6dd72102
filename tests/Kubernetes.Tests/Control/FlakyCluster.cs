using ClusterTrail.Testing;
using k8s.Models;

namespace ClusterTrail.Kubernetes.Tests.Control;

/// <summary>A cluster behind a network that fails: requests get lost, answers get lost, or nothing comes until the client gives
/// up.</summary>
sealed class FlakyCluster(InMemoryCluster inner, Func<Fate> next) : ICluster
{
    public Task<T?> GetAsync<T>(ResourceType type, ObjectKey key, CancellationToken cancellationToken)
        where T : class, k8s.IKubernetesObject<V1ObjectMeta> =>
        SufferAsync(() => inner.GetAsync<T>(type, key, cancellationToken), cancellationToken);

    public Task<T> SaveAsync<T>(ResourceType type, T resource, CancellationToken cancellationToken)
        where T : class, k8s.IKubernetesObject<V1ObjectMeta> =>
        SufferAsync(() => inner.SaveAsync(type, resource, cancellationToken), cancellationToken);

    public Task<ResourcePage<T>> ListAsync<T>(ResourceType type, ListQuery query, Func<T, T?> keep, CancellationToken cancellationToken)
        where T : class, k8s.IKubernetesObject<V1ObjectMeta> =>
        inner.ListAsync(type, query, keep, cancellationToken);

    public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        ResourceType type, ListQuery query, string resourceVersion, CancellationToken cancellationToken)
        where T : class, k8s.IKubernetesObject<V1ObjectMeta> =>
        inner.WatchAsync<T>(type, query, resourceVersion, cancellationToken);

    public Task<V1ObjectMeta> ApplyAsync(JsonResource desired, CancellationToken cancellationToken) =>
        inner.ApplyAsync(desired, cancellationToken);

    public Task<V1ObjectMeta> ApplyStatusAsync(JsonResource desired, CancellationToken cancellationToken) =>
        inner.ApplyStatusAsync(desired, cancellationToken);

    public Task DeleteAsync(ResourceType type, ObjectKey key, string? uid, CancellationToken cancellationToken) =>
        inner.DeleteAsync(type, key, uid, cancellationToken);

    async Task<TResult> SufferAsync<TResult>(Func<Task<TResult>> call, CancellationToken cancellationToken)
    {
        var fate = next();
        if (fate == Fate.RequestLost)
            throw new HttpRequestException("The request was lost.");
        if (fate == Fate.Silence)
            await Task.Delay(Timeout.Infinite, cancellationToken);
        var answer = await call();
        if (fate == Fate.AnswerLost)
            throw new HttpRequestException("The answer was lost.");
        if (fate == Fate.AnswerNeverComes)
            await Task.Delay(Timeout.Infinite, cancellationToken);
        return answer;
    }
}
