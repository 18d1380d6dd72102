using System.Text.RegularExpressions;
using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Contract;

/// <summary>What a source of type EventHubs must be beyond its form.</summary>
static partial class EventHubsSourceValidation
{
    public static void Check(EventHubsSourceConfiguration hub, string field, Problems problems)
    {
        if (Uri.CheckHostName(hub.Namespace) != UriHostNameType.Dns)
        {
            problems.Add($"{field}.namespace", hub.Namespace, "the host name of a namespace, such as acme.servicebus.windows.net");
        }

        if (!HubName().IsMatch(hub.EventHub))
        {
            problems.Add($"{field}.eventHub", hub.EventHub, "the name of an event hub");
        }

        if (hub.ConsumerGroup != "$Default" && !GroupName().IsMatch(hub.ConsumerGroup))
        {
            problems.Add($"{field}.consumerGroup", hub.ConsumerGroup, "the name of a consumer group");
        }

        AgentValidation.CheckPath($"{field}.connectionStringPath", hub.ConnectionStringPath, problems);
        if (hub.Endpoint is not null && !IsEndpoint(hub.Endpoint))
        {
            problems.Add($"{field}.endpoint", hub.Endpoint, "sb:// with a host, and a port if it is not 5671");
        }

        if (hub.CaPath is not null)
        {
            AgentValidation.CheckPath($"{field}.caPath", hub.CaPath, problems);
        }

        problems.CheckRange($"{field}.timeoutSeconds", hub.TimeoutSeconds, 1, 3600);
        problems.CheckRange($"{field}.journalMaxBytes", hub.JournalMaxBytes, 64 << 20, 1L << 50);
        problems.CheckRange($"{field}.maxEventBytes", hub.MaxEventBytes, 4096, 64 << 20);
    }

    static bool IsEndpoint(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == "sb" && url.Host.Length > 0 && url.PathAndQuery is "/" or "";

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,255}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex HubName();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,49}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex GroupName();
}
