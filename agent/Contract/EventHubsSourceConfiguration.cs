namespace ClusterTrail.Contract;

/// <summary>An event hub of Azure, into which the diagnostic settings of an AKS cluster write audit events.</summary>
public sealed record EventHubsSourceConfiguration
{
    /// <summary>The host name of the Event Hubs namespace, such as <c>acme.servicebus.windows.net</c>.</summary>
    public required string Namespace { get; init; }

    /// <summary>The name of the event hub.</summary>
    public required string EventHub { get; init; }

    /// <summary>A consumer group that nothing else reads with. The default is the one that each hub has.</summary>
    public string ConsumerGroup { get; init; } = "$Default";

    /// <summary>
    /// A file with a connection string of the namespace or the hub, whose policy may Listen. It is read again after a failure.
    /// </summary>
    public required string ConnectionStringPath { get; init; }

    /// <summary>Where to connect to instead of the namespace, such as <c>sb://10.1.2.3:5671</c>. The default is the namespace.</summary>
    public string? Endpoint { get; init; }

    /// <summary>
    /// A PEM file of certificate authorities to trust for it, beside none of the system's. The default is the system's.
    /// </summary>
    public string? CaPath { get; init; }

    /// <summary>Without a checkpoint: all messages that the hub holds are read, or those from now on. The default is Beginning.</summary>
    public FeedStart StartAt { get; init; } = FeedStart.Beginning;

    /// <summary>After how many seconds without an answer a request is tried again. The default is 60.</summary>
    public int TimeoutSeconds { get; init; } = 60;

    /// <summary>How many bytes of events may wait in the state directory. The agent then reads no more. The default is 1 GiB.</summary>
    public long JournalMaxBytes { get; init; } = 1L << 30;

    /// <summary>The largest event kept whole, in bytes; of a longer one long strings and bodies are cut. The default is 16 MiB.</summary>
    public int MaxEventBytes { get; init; } = 16 << 20;
}
