using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent;

/// <summary>A source that API servers call, and that writes what they send to a journal.</summary>
interface IReceiver : IDisposable
{
    /// <summary>What the source's pipeline reads.</summary>
    SourceFeed Feed { get; }

    /// <summary>For other threads.</summary>
    ReceiverStatus Status { get; }

    /// <summary>Why nothing can be received now; null if it can. For other threads.</summary>
    string? Problem { get; }

    /// <summary>Receives until it is stopped.</summary>
    Task RunAsync(CancellationToken stopping);
}
