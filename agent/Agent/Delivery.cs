using ClusterTrail.Agent.Notifications;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Spool;

namespace ClusterTrail.Agent;

/// <summary>What leaves the agent: sealed batches to the sink, notifications to the webhook.</summary>
/// <param name="Notifications">Null without a webhook.</param>
/// <param name="Integrity">What seals digests; null if none are sealed.</param>
sealed record Delivery(BatchSpool Spool, Uploader Uploader, WebhookNotifications? Notifications, AgentIntegrity? Integrity) : IDisposable
{
    /// <summary>Tries whether what is stored can be changed; null if nobody asks.</summary>
    public ImmutabilityWatch? Immutability { get; init; }

    /// <summary>Delivers until all is delivered after <see cref="Complete"/>, or until cancelled.</summary>
    public Task RunAsync(int concurrency, CancellationToken giveUp) =>
        Task.WhenAll(Uploader.RunAsync(concurrency, giveUp), Notifications?.RunAsync(giveUp) ?? Task.CompletedTask);

    /// <summary>Says that nothing will follow.</summary>
    public void Complete()
    {
        Uploader.Complete();
        Notifications?.Complete();
    }

    public void Dispose()
    {
        Notifications?.Dispose();
        Integrity?.Dispose();
    }
}
