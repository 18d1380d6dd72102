using System.Net.Sockets;
using System.Security.Authentication;
using Azure.Messaging.EventHubs;
using ClusterTrail.Agent.Sinks;

namespace ClusterTrail.Agent.Sources.Feeds.Hubs;

/// <summary>Says what an exception of the client library means, and what to do.</summary>
/// <param name="address">The hub, for people.</param>
sealed class HubFailures(string address, string group, TimeSpan timeout)
{
    const int MostText = 300;

    public FeedException Explain(Exception e) => e switch
    {
        FeedException known => known,
        EventHubsException { Reason: EventHubsException.FailureReason.ConsumerDisconnected } => new(
            FeedFailure.TakenOver,
            $"{address} has another reader with the consumer group {group}. The agent waits until that ends. "
                + "Give each agent, and each other program, a consumer group of its own.", e),
        EventHubsException { Reason: EventHubsException.FailureReason.ResourceNotFound } => Store(
            $"{address}, or its consumer group {group}, does not exist: {Said(e)}", e),
        EventHubsException { Reason: EventHubsException.FailureReason.ServiceTimeout } or TimeoutException or OperationCanceledException =>
            Store($"{address} did not answer within {timeout.TotalSeconds} s.", e),
        UnauthorizedAccessException => Store(
            $"{address} rejects the connection string: {Said(e)} Its policy must exist and may Listen.", e),
        _ when Inner<UntrustedServerException>(e) is { } untrusted => Store($"{address} is not trusted: {untrusted.Message}", e),
        _ when Inner<AuthenticationException>(e) is { } tls => Store($"{address} cannot be reached with TLS: {Said(tls)}", e),
        _ when Inner<SocketException>(e) is { } socket => Store($"{address} cannot be reached: {Said(socket)}", e),
        _ => Store($"{address} did not answer as it should: {Said(e)}", e),
    };

    static FeedException Store(string message, Exception cause) => new(FeedFailure.Store, message, cause);

    static T? Inner<T>(Exception e)
        where T : Exception
    {
        for (var one = e; one is not null; one = one.InnerException)
        {
            if (one is T found)
                return found;
        }

        return null;
    }

    // The library adds the address of a page, and a second sentence about it.
    static string Said(Exception e)
    {
        var text = string.Concat(e.Message.Split("For troubleshooting")[0].Select(one => char.IsControl(one) ? ' ' : one)).Trim();
        return text.Length == 0 ? "no reason." : $"{text[..Math.Min(text.Length, MostText)].TrimEnd('.')}.";
    }
}
