using Azure.Messaging.EventHubs;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Agent.Sources.Feeds.Hubs;

/// <summary>What a connection string proves: a key with its name, or a signature.</summary>
/// <remarks>No sentence here has a part of the file in it: it is a secret.</remarks>
sealed record HubKey(string? Name, string? Key, string? Signature)
{
    /// <exception cref="FeedException">The file cannot be read, or is not a connection string of this hub.</exception>
    public static HubKey Read(EventHubsSourceConfiguration hub)
    {
        var path = hub.ConnectionStringPath;
        var read = Parse(path, Text(path));
        if (!string.Equals(read.Endpoint?.Host, hub.Namespace, StringComparison.OrdinalIgnoreCase))
            throw Wrong(path, $"is of another namespace than {hub.Namespace}");
        if (read.EventHubName is { Length: > 0 } name && !string.Equals(name, hub.EventHub, StringComparison.OrdinalIgnoreCase))
            throw Wrong(path, $"is of another event hub than {hub.EventHub}");
        if (read.SharedAccessSignature is { Length: > 0 } signature)
            return new(null, null, signature);
        return read is { SharedAccessKeyName.Length: > 0, SharedAccessKey.Length: > 0 }
            ? new(read.SharedAccessKeyName, read.SharedAccessKey, null)
            : throw Wrong(path, "has neither SharedAccessKeyName and SharedAccessKey, nor SharedAccessSignature");
    }

    public override string ToString() => Name ?? "a signature";

    static string Text(string path)
    {
        try
        {
            return RegularFile.ReadText(path, RegularFile.MostValueBytes).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FeedException(
                FeedFailure.Store, $"The connection string {path} cannot be read: {e.Message.TrimEnd('.')}. Check the Secret.", e);
        }
    }

    static EventHubsConnectionStringProperties Parse(string path, string text)
    {
        try
        {
            return EventHubsConnectionStringProperties.Parse(text);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw Wrong(path, "is not a connection string such as Endpoint=sb://…/;SharedAccessKeyName=…;SharedAccessKey=…");
        }
    }

    static FeedException Wrong(string path, string problem) => new(
        FeedFailure.Store, $"The connection string {path} {problem}. Copy it from a shared access policy of the hub that may Listen.");
}
