namespace ClusterTrail.Contract;

public enum SourceType
{
    LogFile,

    /// <summary>The programs that containers of the node execute.</summary>
    Processes,

    /// <summary>What containers of the node write.</summary>
    Containers,

    /// <summary>What API servers send by their webhook backend.</summary>
    Webhook,

    /// <summary>What a cloud writes into a bucket: of EKS, or of GKE.</summary>
    Bucket,

    /// <summary>What AKS writes into an event hub.</summary>
    EventHubs,

    /// <summary>What API servers ask a validating webhook, where no audit event can be had.</summary>
    Admission,
}

/// <summary>Where a log file is read from when nothing is known of it yet.</summary>
public enum StartAt
{
    Beginning,
    End,
}

/// <summary>One source of events.</summary>
public sealed record SourceConfiguration
{
    /// <summary>The source's name in object names, metrics and status: at most 32 of a-z, 0-9 and '-'.</summary>
    public required string Name { get; init; }

    public required SourceType Type { get; init; }

    /// <summary>Given when the type is LogFile.</summary>
    public LogFileConfiguration? LogFile { get; init; }

    /// <summary>Given when the type is Processes.</summary>
    public ProcessesConfiguration? Processes { get; init; }

    /// <summary>Given when the type is Containers.</summary>
    public ContainersConfiguration? Containers { get; init; }

    /// <summary>Given when the type is Webhook.</summary>
    public WebhookSourceConfiguration? Webhook { get; init; }

    /// <summary>Given when the type is Bucket.</summary>
    public BucketSourceConfiguration? Bucket { get; init; }

    /// <summary>Given when the type is EventHubs.</summary>
    public EventHubsSourceConfiguration? EventHubs { get; init; }

    /// <summary>Given when the type is Admission.</summary>
    public AdmissionSourceConfiguration? Admission { get; init; }
}

/// <summary>A file in the format of kube-apiserver's audit log backend, with its rotated siblings.</summary>
public sealed record LogFileConfiguration
{
    /// <summary>The absolute path of the live file: kube-apiserver's <c>--audit-log-path</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Where to start when there is no checkpoint. The default is Beginning, rotated siblings included.</summary>
    public StartAt StartAt { get; init; } = StartAt.Beginning;

    /// <summary>The largest event kept whole, in bytes; of a longer one long strings and bodies are cut. The default is 16 MiB.</summary>
    public int MaxEventBytes { get; init; } = 16 << 20;

    /// <summary>How often, in milliseconds, an idle file is looked at. The default is 100.</summary>
    public int PollIntervalMilliseconds { get; init; } = 100;

    /// <summary>
    /// How long, in milliseconds, a rotated file must be quiet before its unended last line is taken as it is. The default is 2000.
    /// </summary>
    public int RotationQuietMilliseconds { get; init; } = 2000;

    /// <summary>
    /// How long, in seconds, a rotated file must be quiet before it is closed: until then what is still written into it is read, though it
    /// was compressed or deleted. The default is 60.
    /// </summary>
    public int LateWriterSeconds { get; init; } = 60;

    /// <summary>
    /// The names of rotated files, with * for any characters and ? for one, such as <c>audit.log.*</c>. By default names as lumberjack and
    /// logrotate make them, and others that extend the log's name if the file begins with an audit event.
    /// </summary>
    public string? RotatedPattern { get; init; }

    /// <summary>
    /// Another folder with rotated files, such as logrotate's <c>olddir</c>: absolute, or relative to the log's folder. By default none.
    /// </summary>
    public string? RotatedFolder { get; init; }
}
