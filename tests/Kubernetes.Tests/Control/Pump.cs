using System.Collections.Concurrent;

namespace ClusterTrail.Kubernetes.Tests.Control;

/// <summary>Runs everything on one thread, in the same order every time, until nothing is left to do.</summary>
sealed class Pump : SynchronizationContext
{
    readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> posted = new();

    public override void Post(SendOrPostCallback d, object? state) => posted.Enqueue((d, state));

    public override SynchronizationContext CreateCopy() => this;

    public void Run(Action action)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
            while (posted.TryDequeue(out var next))
                next.Callback(next.State);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
