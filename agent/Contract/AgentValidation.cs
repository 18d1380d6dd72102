using System.Net;
using System.Text.RegularExpressions;
using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Contract;

/// <summary>What an agent's configuration must be beyond its form.</summary>
static partial class AgentValidation
{
    const string NameRule = "1 to 253 of a-z, A-Z, 0-9, '.', '_' and '-', with a letter or digit at both ends";

    // "/spool/quarantine/SOURCE-SEQUENCE.TIME.batch-TIME"
    const int StateFileBytes = 128;

    public static void Check(AgentConfiguration agent, Problems problems)
    {
        CheckName("clusterName", agent.ClusterName, problems);
        CheckName("trail", agent.Trail, problems);
        if (agent.NodeName is not null)
        {
            CheckName("nodeName", agent.NodeName, problems);
        }

        CheckPath("stateDirectory", agent.StateDirectory, problems, StateFileBytes);
        CheckSources(agent.Sources, problems);
        problems.CheckRange("batch.maxBytes", agent.Batch.MaxBytes, 1024, 64 << 20);
        problems.CheckRange("batch.maxAgeSeconds", agent.Batch.MaxAgeSeconds, 1, 3600);
        problems.CheckRange("batch.maxQuietAgeSeconds", agent.Batch.MaxQuietAgeSeconds ?? 1, 1, 3600);
        problems.CheckRange(
            "batch.compression.level", agent.Batch.Compression.LevelOrDefault(), CompressionConfiguration.MinLevel,
            CompressionConfiguration.MaxLevel);
        problems.CheckRange("spool.maxBytes", agent.Spool.MaxBytes, 16 << 20, 1L << 50);
        IntegrityValidation.Check(agent.Integrity ?? new(), agent.Sink, problems);
        EnrichmentValidation.Check(agent.Enrichment ?? new(), problems);
        problems.CheckRange("shutdownGraceSeconds", agent.ShutdownGraceSeconds, 0, 3600);
        CheckEncryption(agent.Encryption, problems);
        SinkValidation.Check(agent.Sink, problems);
        ObjectNameValidation.Check(agent, problems);
        CheckFile("selectors", agent.Selectors, "the path of a selectors file, or omit the field", problems);
        CheckFile("detections", agent.Detections, "the path of a detections file, or omit the field", problems);

        if (agent.Notifications.Webhook is { } webhook)
        {
            Check(webhook, "notifications.webhook", problems);
        }

        if (!IsEndPoint(agent.Telemetry.Listen))
        {
            problems.Add("telemetry.listen", agent.Telemetry.Listen, "an IP address and a port, such as 127.0.0.1:9808 or [::]:9808");
        }
    }

    static void Check(WebhookConfiguration webhook, string field, Problems problems)
    {
        if (!(Uri.TryCreate(webhook.Url, UriKind.Absolute, out var url) && url.Scheme is "https" or "http"))
        {
            problems.Add($"{field}.url", webhook.Url, "a URL that starts with https:// or http://");
        }

        problems.CheckRange($"{field}.timeoutSeconds", webhook.TimeoutSeconds, 1, 300);
        foreach (var (name, path) in new[] { ("secretPath", webhook.SecretPath), ("caBundlePath", webhook.CaBundlePath) })
        {
            if (path is not null)
            {
                CheckPath($"{field}.{name}", path, problems);
            }
        }
    }

    // IPEndPoint takes an address without a port, and 127.1 for 127.0.0.1: both are rather mistakes here.
    public static bool IsEndPoint(string listen) =>
        IPEndPoint.TryParse(listen, out var endPoint) && string.Equals($"{endPoint}", listen, StringComparison.OrdinalIgnoreCase);

    static void CheckSources(IReadOnlyList<SourceConfiguration> sources, Problems problems)
    {
        if (sources.Count == 0)
        {
            problems.Add("sources", sources, "at least one source");
        }

        for (var at = 0; at < sources.Count; at++)
        {
            var (field, source) = ($"sources[{at}]", sources[at]);
            if (!SourceName().IsMatch(source.Name))
            {
                problems.Add($"{field}.name", source.Name, "1 to 32 of a-z, 0-9 and '-', with a letter or digit at both ends");
            }

            if (sources.Take(at).Any(other => other.Name == source.Name))
            {
                problems.Add($"{field}.name", source.Name, "a name that no other source has");
            }

            CheckPart(source, field, problems);
        }

        if (sources.Count(source => source.Type == SourceType.Processes) > 1)
        {
            problems.AddText("sources", "has several of type Processes; allowed: one, which sees all processes of the node.");
        }
    }

    // What belongs to the type, and nothing of another one.
    static void CheckPart(SourceConfiguration source, string field, Problems problems)
    {
        foreach (var (name, type, part) in new (string, SourceType, object?)[]
            {
                ("logFile", SourceType.LogFile, source.LogFile), ("processes", SourceType.Processes, source.Processes),
                ("containers", SourceType.Containers, source.Containers), ("webhook", SourceType.Webhook, source.Webhook),
                ("bucket", SourceType.Bucket, source.Bucket), ("eventHubs", SourceType.EventHubs, source.EventHubs),
                ("admission", SourceType.Admission, source.Admission),
            })
        {
            if (source.Type == type && part is null)
            {
                problems.Add($"{field}.{name}", null, $"an object, because the type is {type}");
            }
            else if (source.Type != type && part is not null)
            {
                problems.AddText($"{field}.{name}", $"is given; allowed: omit it, because the type is {source.Type}.");
            }
        }

        CheckWithin(source, field, problems);
    }

    static void CheckWithin(SourceConfiguration source, string field, Problems problems)
    {
        if (source.LogFile is not null)
        {
            Check(source.LogFile, $"{field}.logFile", problems);
        }

        if (source.Processes is not null)
        {
            ProcessesValidation.Check(source.Processes, $"{field}.processes", problems);
        }

        if (source.Containers is not null)
        {
            ContainersValidation.Check(source.Containers, $"{field}.containers", problems);
        }

        if (source.Webhook is not null)
        {
            WebhookSourceValidation.Check(source.Webhook, $"{field}.webhook", problems);
        }

        if (source.Bucket is not null)
        {
            BucketSourceValidation.Check(source.Bucket, $"{field}.bucket", problems);
        }

        if (source.EventHubs is not null)
        {
            EventHubsSourceValidation.Check(source.EventHubs, $"{field}.eventHubs", problems);
        }

        if (source.Admission is not null)
        {
            AdmissionSourceValidation.Check(source.Admission, $"{field}.admission", problems);
        }
    }

    static void Check(LogFileConfiguration file, string field, Problems problems)
    {
        CheckPath($"{field}.path", file.Path, problems);
        problems.CheckRange($"{field}.maxEventBytes", file.MaxEventBytes, 4096, 64 << 20);
        problems.CheckRange($"{field}.pollIntervalMilliseconds", file.PollIntervalMilliseconds, 10, 60_000);
        problems.CheckRange($"{field}.rotationQuietMilliseconds", file.RotationQuietMilliseconds, 0, 600_000);
        problems.CheckRange($"{field}.lateWriterSeconds", file.LateWriterSeconds, 0, 86_400);
        if (file.RotatedPattern is { } pattern && (!IsFile(pattern) || pattern.Contains('/', StringComparison.Ordinal)))
        {
            problems.Add(
                $"{field}.rotatedPattern", file.RotatedPattern, "names of files with * and ?, without a folder, or omit the field");
        }

        CheckFile($"{field}.rotatedFolder", file.RotatedFolder, "the path of a folder, or omit the field", problems);
    }

    static void CheckEncryption(EncryptionConfiguration encryption, Problems problems)
    {
        if (encryption.Type == EncryptionType.None)
        {
            if (encryption.Envelope is not null)
            {
                problems.Add("encryption.type", encryption.Type, "Envelope, because encryption.envelope is given");
            }
        }
        else if (encryption.Envelope is null)
        {
            problems.Add("encryption.envelope", null, "an object, because the type is Envelope");
        }
        else if (encryption.Envelope.RecipientPaths.Count == 0)
        {
            problems.Add("encryption.envelope.recipientPaths", encryption.Envelope.RecipientPaths,
                "at least one PEM file of a public key or certificate");
        }

        for (var at = 0; at < encryption.Envelope?.RecipientPaths.Count; at++)
        {
            var field = $"encryption.envelope.recipientPaths[{at}]";
            CheckFile(field, encryption.Envelope.RecipientPaths[at], "the path of a PEM file", problems);
        }
    }

    // A path that may be relative, to the file that names it.
    public static void CheckFile(string field, string? path, string allowed, Problems problems)
    {
        if (path is not null && !IsFile(path))
        {
            problems.Add(field, path, path.Length == 0 ? allowed : $"{allowed}; without control characters, and not longer than a path");
        }
    }

    static bool IsFile(string path) => path.Length > 0 && ObjectNameValidation.CanBePath(path);

    /// <param name="reserved">How many bytes the longest name takes that is made below it.</param>
    public static void CheckPath(string field, string path, Problems problems, int reserved = 0)
    {
        if (!Path.IsPathRooted(path))
        {
            problems.Add(field, path, "an absolute path");
        }
        else if (!ObjectNameValidation.CanBePath(path, reserved))
        {
            var (most, mostPart) = (ObjectNameValidation.MostPathBytes - reserved, ObjectNameValidation.MostPartBytes);
            problems.Add(field, path, $"a path of at most {most} bytes, each part of it of at most {mostPart}, without control characters");
        }
    }

    public static void CheckName(string field, string name, Problems problems)
    {
        if (!IsName(name))
        {
            problems.Add(field, name, NameRule);
        }
    }

    public static bool IsName(string name) => Name().IsMatch(name);

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    public static bool IsSourceName(string name) => SourceName().IsMatch(name);

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex SourceName();
}
