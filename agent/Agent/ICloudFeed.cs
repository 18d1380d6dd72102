using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent;

/// <summary>A source that reads a cloud's store or stream into a journal.</summary>
interface ICloudFeed : IDisposable
{
    /// <summary>What the source's pipeline reads.</summary>
    SourceFeed Feed { get; }

    /// <summary>For other threads.</summary>
    FeedStatus Status { get; }

    /// <summary>Reads until it is stopped.</summary>
    Task RunAsync(CancellationToken stopping);
}
