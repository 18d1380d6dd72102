using ClusterTrail.Kubernetes.Control;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Kubernetes.Tests.Control;

/// <summary>One replica that wants to lead, with a clock and a network of its own.</summary>
sealed class Contender
{
    readonly InMemoryCluster cluster;
    readonly ObjectKey key;
    readonly SteppedTime time;
    Action stop = () => { };
    TimeSpan missed;
    int starts;

    public Contender(InMemoryCluster cluster, ObjectKey key, string name, TimeSpan clockIsOffBy)
    {
        (this.cluster, this.key, Name) = (cluster, key, name);
        time = new(new DateTimeOffset(2026, 11, 22, 5, 36, 0, TimeSpan.Zero) + clockIsOffBy);
    }

    public string Name { get; }

    /// <summary>What becomes of its next calls.</summary>
    public Func<Fate> Network { get; set; } = () => Fate.Fine;

    public bool IsWorking { get; private set; }

    public bool IsPaused { get; set; }

    /// <summary>For how long its process has stood still.</summary>
    public TimeSpan Missed => missed;

    public Task Running { get; private set; } = Task.CompletedTask;

    public bool IsRunning => !Running.IsCompleted;

    public void Start()
    {
        var stopping = new CancellationTokenSource();
        stop = stopping.Cancel;
        // A process that starts anew has a name of its own.
        var identity = $"{Name}-{++starts}";
        var lease = new LeaderLease(
            new FlakyCluster(cluster.As(identity), () => Network()), key, identity, time, NullLogger<LeaderLease>.Instance);
        Running = lease.RunAsync(WorkAsync, stopping.Token);
    }

    public void Stop() => stop();

    public void Advance(TimeSpan by)
    {
        missed += by;
        if (IsPaused)
            return;
        time.Advance(missed);
        missed = TimeSpan.Zero;
    }

    async Task WorkAsync(CancellationToken cancellationToken)
    {
        IsWorking = true;
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            IsWorking = false;
        }
    }
}
