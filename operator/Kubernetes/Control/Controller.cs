using Microsoft.Extensions.Logging;

namespace ClusterTrail.Kubernetes.Control;

/// <summary>Takes keys from a queue and reconciles them; retries failures with increasing delays.</summary>
/// <param name="name">Its name in metrics and logs.</param>
/// <param name="reconcile">
/// Looks at how things are, and makes them as they should be; called again after the returned delay, if there is one.
/// </param>
public sealed partial class Controller(
    string name, WorkQueue<ObjectKey> queue, Func<ObjectKey, CancellationToken, Task<TimeSpan?>> reconcile,
    KubernetesMetrics metrics, TimeProvider time, ILogger<Controller> logger)
{
    /// <summary>Works until cancelled; then the last reconciles end as they end when cancelled.</summary>
    public async Task RunAsync(int workers, CancellationToken cancellationToken)
    {
        metrics.WatchQueue(name, () => queue.Depth);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync(cancellationToken)));
    }

    async Task WorkAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var key = await queue.TakeAsync(cancellationToken);
            try
            {
                await ReconcileAsync(key, cancellationToken);
            }
            finally
            {
                queue.Done(key);
            }
        }
    }

    async Task ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            var again = await reconcile(key, cancellationToken);
            queue.Forget(key);
            if (again is { } delay)
                queue.Add(key, delay);
            metrics.Reconciled(name, succeeded: true, time.GetElapsedTime(started));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            metrics.Reconciled(name, succeeded: false, time.GetElapsedTime(started));
            LogFailed(name, key, queue.Retry(key), e);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Reconciling {Controller} {Key} failed; retrying in {Delay}.")]
    partial void LogFailed(string controller, ObjectKey key, TimeSpan delay, Exception exception);
}
