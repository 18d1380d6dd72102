using Azure;
using Azure.Core.Amqp;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Consumer;
using Azure.Messaging.EventHubs.Primitives;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Sources.Feeds.Hubs;

/// <summary>An event hub of Azure, by AMQP over TLS. It needs a policy that may Listen.</summary>
sealed class AzureHub(EventHubsSourceConfiguration hub, ServerTrust trust) : IEventHub
{
    static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);
    static readonly TimeSpan ClosingTakes = TimeSpan.FromSeconds(5);

    readonly HubFailures failures = new(
        $"The event hub {hub.Namespace}/{hub.EventHub}", hub.ConsumerGroup, TimeSpan.FromSeconds(hub.TimeoutSeconds));
    readonly List<PartitionReceiver> receivers = [];
    (EventHubConnection Connection, EventHubConsumerClient Asking)? current;

    EventHubsRetryOptions Retries => new()
    {
        MaximumRetries = 1,
        Delay = TimeSpan.FromMilliseconds(500),
        TryTimeout = TimeSpan.FromSeconds(hub.TimeoutSeconds),
    };

    public Task<HubDescription> DescribeAsync(CancellationToken cancellationToken) => CallAsync(
        async () =>
        {
            var found = await Connected().Asking.GetEventHubPropertiesAsync(cancellationToken);
            return new HubDescription(found.CreatedOn, found.PartitionIds);
        },
        cancellationToken);

    public Task<PartitionEnds> EndsAsync(string partition, CancellationToken cancellationToken) => CallAsync(
        async () =>
        {
            var found = await Connected().Asking.GetPartitionPropertiesAsync(partition, cancellationToken);
            return new PartitionEnds(
                found.BeginningSequenceNumber, found.LastEnqueuedSequenceNumber, found.LastEnqueuedTime, found.IsEmpty);
        },
        cancellationToken);

    public IPartition Open(string partition, long after, int level)
    {
        var from = after >= 0 ? EventPosition.FromSequenceNumber(after, isInclusive: false) : EventPosition.Earliest;
        // Nothing is fetched ahead: what a partition may hold in memory is what it is asked for.
        var receiver = new PartitionReceiver(
            hub.ConsumerGroup, partition, from, Connected().Connection,
            new() { OwnerLevel = level, PrefetchCount = 0, RetryOptions = Retries });
        receivers.Add(receiver);
        return new Partition(this, receiver);
    }

    public async Task CloseAsync()
    {
        if (current is not { } now)
            return;
        List<Func<Task>> closing = [.. receivers.Select<PartitionReceiver, Func<Task>>(one => () => one.CloseAsync())];
        current = null;
        receivers.Clear();
        await QuietlyAsync(() => Task.WhenAll(closing.Select(close => close())));
        await QuietlyAsync(() => now.Asking.CloseAsync());
        await QuietlyAsync(() => now.Connection.CloseAsync());
    }

    // What is broken cannot be closed in order, and need not be.
    static async Task QuietlyAsync(Func<Task> close)
    {
        try
        {
            await close().WaitAsync(ClosingTakes);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
        }
    }

    (EventHubConnection Connection, EventHubConsumerClient Asking) Connected()
    {
        if (current is { } now)
            return now;
        trust.Look();
        var (key, options) = (HubKey.Read(hub), new EventHubConnectionOptions
        {
            CertificateValidationCallback = trust.Options.RemoteCertificateValidationCallback,
            CustomEndpointAddress = hub.Endpoint is { } endpoint ? new(endpoint) : null,
        });
        var connection = key.Signature is { } signature
            ? new EventHubConnection(hub.Namespace, hub.EventHub, new AzureSasCredential(signature), options)
            : new EventHubConnection(hub.Namespace, hub.EventHub, new AzureNamedKeyCredential(key.Name!, key.Key!), options);
        current = (connection, new(hub.ConsumerGroup, connection, new EventHubConsumerClientOptions { RetryOptions = Retries }));
        return current.Value;
    }

    async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw failures.Explain(e);
        }
    }

    sealed class Partition(AzureHub hub, PartitionReceiver receiver) : IPartition
    {
        public Task<IReadOnlyList<HubMessage>> ReceiveAsync(int most, CancellationToken cancellationToken) =>
            hub.CallAsync<IReadOnlyList<HubMessage>>(
                async () => [.. (await receiver.ReceiveBatchAsync(most, Wait, cancellationToken)).Select(Of)], cancellationToken);

        static HubMessage Of(EventData message) =>
            new(message.SequenceNumber, message.EnqueuedTime, Body(message.GetRawAmqpMessage().Body));

        static ReadOnlyMemory<byte> Body(AmqpMessageBody body)
        {
            if (body.TryGetData(out var parts) && parts is not null)
                return parts.ToList() is [var only] ? only : parts.SelectMany(part => part.ToArray()).ToArray();
            return body.TryGetValue(out var value) ? System.Text.Encoding.UTF8.GetBytes($"{value}") : default;
        }
    }
}
