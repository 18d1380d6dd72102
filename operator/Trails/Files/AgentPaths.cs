namespace ClusterTrail.Trails.Files;

/// <summary>Where an agent finds its files in its container.</summary>
static class AgentPaths
{
    public const string Configuration = "/etc/clustertrail";
    public const string AgentFile = "agent.json";
    public const string SelectorsFile = "selectors.json";
    public const string DetectionsFile = "detections.json";
    public const string WorkloadsFile = "workloads.json";
    public const string ProcessesFile = "processes.json";

    public const string Credentials = "/etc/clustertrail-credentials";
    public const string AccessKeyId = "accessKeyId";
    public const string SecretAccessKey = "secretAccessKey";
    public const string SessionToken = "sessionToken";

    public const string Recipients = "/etc/clustertrail-recipients";
    public const string Authorities = "/etc/clustertrail-ca";
    public const string AuthoritiesFile = "ca.crt";

    public const string Webhook = "/etc/clustertrail-webhook";
    public const string WebhookSecret = "secret";
    public const string WebhookAuthorities = "/etc/clustertrail-webhook-ca";

    public const string StatusKey = "/etc/clustertrail-status";
    public const string Receiver = "/etc/clustertrail-receiver";
    public const string ReceiverAuthorities = "ca.crt";
    public const string PathToken = "token";

    public const string FeedCredentials = "/etc/clustertrail-feed";
    public const string ConnectionString = "connectionString";
    public const string FeedAuthorities = "/etc/clustertrail-feed-ca";

    public const string State = "/var/lib/clustertrail";
    public const string Archive = "/archive";

    /// <summary>The kubelet's folder of pods' logs, and that of links to them.</summary>
    public const string PodLogs = "/var/log/pods";
    public const string ContainerLogs = "/var/log/containers";

    /// <summary>All that is mounted, apart from the log.</summary>
    public static IReadOnlyList<string> Mounts { get; } =
    [
        Configuration, Credentials, Recipients, Authorities, Webhook, WebhookAuthorities, StatusKey, Receiver, FeedCredentials,
        FeedAuthorities, State, Archive,
    ];

    /// <summary>Folders that an image contains and needs.</summary>
    public static IReadOnlyList<string> Image { get; } =
    [
        "/app", "/bin", "/dev", "/etc", "/lib", "/lib64", "/opt/clustertrail", "/proc", "/sbin", "/sys", "/tmp", "/usr",
    ];

    public static string RecipientFile(int at) => $"{at}.pem";

    /// <summary>The folder of a file, without a slash at its end; of <c>/file</c> it is the empty text.</summary>
    public static string FolderOf(string path) => path[..path.LastIndexOf('/')];

    /// <summary>Whether the path is the folder, or anywhere in it.</summary>
    public static bool IsIn(string path, string folder) => path == folder || path.StartsWith($"{folder}/", StringComparison.Ordinal);
}
