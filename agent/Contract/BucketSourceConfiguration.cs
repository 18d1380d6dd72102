namespace ClusterTrail.Contract;

/// <summary>What the objects of a bucket hold.</summary>
public enum FeedFormat
{
    /// <summary>What a subscription of CloudWatch Logs writes of the control plane's log of an EKS cluster.</summary>
    EksCloudWatch,

    /// <summary>What a sink of Cloud Logging writes of the audit logs of a GKE cluster.</summary>
    GkeCloudLogging,

    /// <summary>Events, or EventLists, of <c>audit.k8s.io/v1</c>, one after the other.</summary>
    Audit,
}

/// <summary>Where a feed is read from when nothing is known of it yet.</summary>
public enum FeedStart
{
    Beginning,
    Now,
}

/// <summary>A bucket of Amazon S3, or of a compatible store, into which a cloud writes audit events.</summary>
public sealed record BucketSourceConfiguration
{
    public required string Bucket { get; init; }

    /// <summary>What the name of each object starts with. The default is nothing: all objects of the bucket.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The AWS region, such as eu-central-1. The default is the environment's; a store with an endpoint may need none.</summary>
    public string? Region { get; init; }

    /// <summary>The URL of a compatible store, or of a VPC endpoint. The default is the region's own.</summary>
    public string? Endpoint { get; init; }

    /// <summary>True puts the bucket's name into the path and not the host name. The default is false.</summary>
    public bool PathStyle { get; init; }

    /// <summary>
    /// A PEM file of certificate authorities to trust for the endpoint, beside none of the system's. The default is the system's.
    /// </summary>
    public string? CaPath { get; init; }

    public S3CredentialsConfiguration Credentials { get; init; } = new();

    public required FeedFormat Format { get; init; }

    /// <summary>Without a checkpoint: all objects are read, or those written from now on. The default is Beginning.</summary>
    public FeedStart StartAt { get; init; } = FeedStart.Beginning;

    /// <summary>How often, in seconds, the agent lists new objects. The default is 30.</summary>
    public int PollIntervalSeconds { get; init; } = 30;

    /// <summary>
    /// How long, in seconds, an object may take from its time in the store to its appearance in a list. The agent lists all objects as
    /// often as this, to find those whose names are out of order. The default is 3600.
    /// </summary>
    public int LatenessSeconds { get; init; } = 3600;

    /// <summary>The URL of an SQS queue that gets the bucket's notifications of new objects. The default is none: only lists.</summary>
    public string? QueueUrl { get; init; }

    /// <summary>After how many seconds without an answer, or without more of it, a request is tried again. The default is 60.</summary>
    public int TimeoutSeconds { get; init; } = 60;

    /// <summary>How many bytes of events may wait in the state directory. The agent then reads no more. The default is 1 GiB.</summary>
    public long JournalMaxBytes { get; init; } = 1L << 30;

    /// <summary>The largest event kept whole, in bytes; of a longer one long strings and bodies are cut. The default is 16 MiB.</summary>
    public int MaxEventBytes { get; init; } = 16 << 20;
}
