using System.Collections.Immutable;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Kubernetes.Control;

/// <summary>Keeps a copy of the cluster's objects of one type, and says what changes.</summary>
/// <remarks>
/// Guarantees: a cluster that cannot be reached only makes the copy older, it is never half filled; an object that can no longer be
/// decoded stays as it was. Every object that is listed again is reported, changed or not, so a handler that missed something sees it then.
/// </remarks>
/// <param name="keep">What to keep of an object, nothing to take no notice of it. The default is all of it.</param>
public sealed partial class Informer<T>(
    ICluster cluster, ResourceType type, ListQuery query, KubernetesMetrics metrics, TimeProvider time, ILogger<Informer<T>> logger,
    Func<T, T?>? keep = null)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    static readonly TimeSpan LogsAgain = TimeSpan.FromMinutes(5);
    static readonly TimeSpan ListsAgain = TimeSpan.FromMinutes(1);
    static readonly Backoff Pace = new(TimeSpan.FromMilliseconds(800), TimeSpan.FromSeconds(30));

    readonly List<Action<Change<T>>> handlers = [];
    readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile ImmutableDictionary<ObjectKey, T> objects = ImmutableDictionary<ObjectKey, T>.Empty;
    volatile string? version;
    volatile CancellationTokenSource? watching;
    volatile bool shallList;
    string? trouble;
    long toldAt;
    long listedAt;

    /// <summary>Completes once the first full list is in.</summary>
    public Task Ready => ready.Task;

    /// <summary>How far the copy is; nothing before the first list.</summary>
    public string? ResourceVersion => version;

    public IEnumerable<T> Objects => objects.Values;

    public T? Find(ObjectKey key) => objects.GetValueOrDefault(key);

    /// <summary>Adds who is called, one after the other, when the copy has changed; must not throw. Before it runs.</summary>
    public void OnChange(Action<Change<T>> handler) => handlers.Add(handler);

    /// <summary>Has all objects listed again, at most once a minute: some that were left out may have a place now.</summary>
    public void ListAgain()
    {
        shallList = true;
        var wait = ListsAgain - time.GetElapsedTime(listedAt);
        watching?.CancelAfter(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
    }

    /// <summary>Follows the cluster until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        while (true)
        {
            var started = time.GetTimestamp();
            var end = await FollowAsync(cancellationToken);
            metrics.WatchRestarted(type, end);
            failures = end == WatchEnd.Failed && time.GetElapsedTime(started) < Pace.Longest ? failures + 1 : 0;
            await Task.Delay(Pace.After(failures), time, cancellationToken);
        }
    }

    async Task<WatchEnd> FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            version ??= await ListAsync(cancellationToken);
            await WatchAsync(version, cancellationToken);
            return WatchEnd.Ended;
        }
        catch (OperationCanceledException) when (shallList && !cancellationToken.IsCancellationRequested)
        {
            version = null;
            return WatchEnd.Ended;
        }
        catch (KubernetesException e) when (e.IsGone)
        {
            version = null;
            return WatchEnd.Gone;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogTrouble(e);
            return WatchEnd.Failed;
        }
    }

    // Every kind is watched, so an unavailable API server fails all watches repeatedly: each logs it once, and then now and again.
    void LogTrouble(Exception e)
    {
        if (e.Message == trouble && time.GetElapsedTime(toldAt) < LogsAgain)
            return;
        (trouble, toldAt) = (e.Message, time.GetTimestamp());
        LogFailed(type.Kind, e);
    }

    void LogRecovered()
    {
        if (Interlocked.Exchange(ref trouble, null) is not null)
            LogWatching(type.Kind);
    }

    async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        (shallList, listedAt) = (false, time.GetTimestamp());
        var list = await cluster.ListAllAsync<T>(type, query, Keep, cancellationToken);
        var before = objects;
        var after = ImmutableDictionary.CreateBuilder<ObjectKey, T>();
        foreach (var item in list.Items)
            after[item.Key] = item;
        foreach (var key in list.Undecodable)
        {
            if (before.TryGetValue(key, out var known))
                after.TryAdd(key, known);
        }

        LogRecovered();
        objects = after.ToImmutable();
        ready.TrySetResult();
        foreach (var (key, item) in objects)
            Notify(new(before.GetValueOrDefault(key), item));
        foreach (var gone in before.Values.Where(item => !objects.ContainsKey(item.Key)))
            Notify(new(gone, After: null));
        return list.ResourceVersion;
    }

    async Task WatchAsync(string from, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        watching = limit;
        if (shallList)
            ListAgain();
        await foreach (var seen in cluster.WatchAsync<T>(type, query, from, either.Token))
        {
            LogRecovered();
            version = seen.ResourceVersion;
            if (seen.Type == WatchEventType.Applied && Keep(seen.Object!) is { } kept)
                Note(seen.Key, kept);
            else if (seen.Type == WatchEventType.Applied && Find(seen.Key) is not null)
                Drop(seen.Key, last: null);
            else if (seen.Type == WatchEventType.Deleted)
                Drop(seen.Key, seen.Object is { } last ? Keep(last) : null);
        }

        watching = null;
    }

    T? Keep(T item) => keep is null ? item : keep(item);

    void Note(ObjectKey key, T item)
    {
        var before = Find(key);
        objects = objects.SetItem(key, item);
        Notify(new(before, item));
    }

    void Drop(ObjectKey key, T? last)
    {
        var before = Find(key) ?? last;
        objects = objects.Remove(key);
        if (before is not null)
            Notify(new(before, After: null));
    }

    void Notify(Change<T> change) => handlers.ForEach(handler => handler(change));

    [LoggerMessage(LogLevel.Warning, "Watching {Kind} failed; retrying until it succeeds.")]
    partial void LogFailed(string kind, Exception exception);

    [LoggerMessage(LogLevel.Information, "Watching {Kind} again.")]
    partial void LogWatching(string kind);
}
