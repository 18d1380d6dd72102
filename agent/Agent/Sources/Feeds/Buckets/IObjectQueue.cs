namespace ClusterTrail.Agent.Sources.Feeds.Buckets;

/// <summary>A queue of notifications of new objects. What is not deleted comes again.</summary>
interface IObjectQueue
{
    /// <summary>Waits a while for messages.</summary>
    /// <exception cref="FeedException">The queue does not answer as it should.</exception>
    Task<IReadOnlyList<QueueMessage>> ReceiveAsync(CancellationToken cancellationToken);

    /// <exception cref="FeedException">The queue does not answer as it should.</exception>
    Task DeleteAsync(QueueMessage message, CancellationToken cancellationToken);
}

/// <summary>A message of a queue.</summary>
/// <param name="Handle">By which it is deleted.</param>
sealed record QueueMessage(string Handle, string Body);
