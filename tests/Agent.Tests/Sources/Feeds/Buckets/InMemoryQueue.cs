using System.Globalization;
using ClusterTrail.Agent.Sources.Feeds.Buckets;

namespace ClusterTrail.Agent.Tests.Sources.Feeds.Buckets;

/// <summary>A queue that gives out each message until it is deleted.</summary>
sealed class InMemoryQueue : IObjectQueue
{
    readonly Dictionary<string, string> messages = [];
    int next;

    public int Left => messages.Count;

    public void Send(string body) => messages[next++.ToString(CultureInfo.InvariantCulture)] = body;

    public Task<IReadOnlyList<QueueMessage>> ReceiveAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<QueueMessage>>(
            [.. messages.Select(message => new QueueMessage(message.Key, message.Value)).Take(10)]);

    public Task DeleteAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        messages.Remove(message.Handle);
        return Task.CompletedTask;
    }
}
