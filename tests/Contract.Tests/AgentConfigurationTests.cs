using System.Text.Json.Nodes;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Testing;

namespace ClusterTrail.Contract.Tests;

public sealed class AgentConfigurationTests
{
    [Fact]
    public void DefaultsAreAsTheirDocumentationSays()
    {
        var agent = ContractFiles.LoadAgent(Some.Agent());

        Assert.Null(agent.NodeName);
        Assert.Null(agent.Selectors);
        Assert.Null(agent.Detections);
        Assert.Null(agent.Notifications.Webhook);
        Assert.Equal(25, agent.ShutdownGraceSeconds);
        Assert.Equal((8 << 20, 60), (agent.Batch.MaxBytes, agent.Batch.MaxAgeSeconds));
        Assert.Equal(
            (CompressionType.Zstd, null, 1),
            (agent.Batch.Compression.Type, agent.Batch.Compression.Level, agent.Batch.Compression.LevelOrDefault()));
        Assert.Equal(6, new CompressionConfiguration { Type = CompressionType.Gzip }.LevelOrDefault());
        Assert.Equal(1L << 30, agent.Spool.MaxBytes);
        Assert.Equal("127.0.0.1:9808", agent.Telemetry.Listen);
        Assert.Equal((EncryptionType.None, null), (agent.Encryption.Type, agent.Encryption.Envelope));
        Assert.Equal(
            new()
            {
                Path = "/var/log/kubernetes/audit.log",
                StartAt = StartAt.Beginning,
                MaxEventBytes = 16 << 20,
                PollIntervalMilliseconds = 100,
                RotationQuietMilliseconds = 2000,
            },
            agent.Sources[0].LogFile);
    }

    [Fact]
    public void DefaultsOfAWebhookAreAsTheirDocumentationSays()
    {
        var agent = ContractFiles.LoadAgent(Some.Agent().With("notifications", """{ "webhook": { "url": "http://alerts:8080/" } }"""));

        Assert.Equal(
            new()
            {
                Url = "http://alerts:8080/",
                SecretPath = null,
                CaBundlePath = null,
                MinSeverity = DetectionSeverity.High,
                TimeoutSeconds = 10,
            },
            agent.Notifications.Webhook);
    }

    [Fact]
    public void DefaultsOfS3AreAsTheirDocumentationSays()
    {
        var s3 = ContractFiles.LoadAgent(Some.AgentToS3()).Sink.S3!;

        Assert.Equal(
            new()
            {
                Bucket = "audit",
                Prefix = "",
                Region = null,
                Endpoint = null,
                PathStyle = false,
                CaPath = null,
                Credentials = new() { Type = S3CredentialsType.Default, Static = null },
                Encryption = new() { Type = S3EncryptionType.BucketDefault, KmsKeyId = null, BucketKey = false },
                ObjectLock = null,
                StorageClass = null,
                Checksums = S3Checksums.WhenRequired,
                MaxConcurrency = 4,
                TimeoutSeconds = 60,
            },
            s3);
    }

    [Fact]
    public void WhatIsWrittenIsReadBackWhole()
    {
        using var folder = new TemporaryFolder();
        var written = Contracts.Write(Full());
        File.WriteAllBytes(folder.Join("agent.json"), written);

        var read = Contracts.LoadAgent(folder.Join("agent.json"));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(written), JsonNode.Parse(Contracts.Write(read))));
        Assert.Equal(Full().Sink, read.Sink);
        Assert.Equal(Full().Sources.Select(WithoutLists), read.Sources.Select(WithoutLists));
        Assert.Equal(Full().Encryption.Envelope!.RecipientPaths, read.Encryption.Envelope!.RecipientPaths);
        Assert.Equal(Full().Enrichment!.NamespaceLabels, read.Enrichment!.NamespaceLabels);
        Assert.Equal(Full().Enrichment!.OwnerLabels, read.Enrichment!.OwnerLabels);
        Assert.Equal(
            Full() with { Sources = [], Encryption = new(), Enrichment = null },
            read with { Sources = [], Encryption = new(), Enrichment = null });
    }

    [Fact]
    public void EveryFieldIsInTheRoundTrip()
    {
        var written = JsonNode.Parse(Contracts.Write(Full()))!;

        Assert.Empty(PropertiesMissingFrom(written, typeof(AgentConfiguration), ""));
        // Given beside namespaces, it is rejected.
        Assert.Equal(
            ["processes.namespacesFile"],
            PropertiesMissingFrom(written["sources"]![2]!["processes"]!, typeof(ProcessesConfiguration), "processes"));
        Assert.Empty(PropertiesMissingFrom(written["sources"]![3]!["containers"]!, typeof(ContainersConfiguration), "containers"));
        Assert.Empty(PropertiesMissingFrom(written["sources"]![4]!["webhook"]!, typeof(WebhookSourceConfiguration), "webhook"));
        Assert.Empty(PropertiesMissingFrom(written["sources"]![5]!["bucket"]!, typeof(BucketSourceConfiguration), "bucket"));
        Assert.Empty(PropertiesMissingFrom(written["sources"]![6]!["eventHubs"]!, typeof(EventHubsSourceConfiguration), "eventHubs"));
        Assert.Empty(PropertiesMissingFrom(written["sources"]![7]!["admission"]!, typeof(AdmissionSourceConfiguration), "admission"));
    }

    // A list is equal to itself only.
    static SourceConfiguration WithoutLists(SourceConfiguration source) =>
        source.Processes is { } processes ? source with { Processes = processes with { Namespaces = null, Rules = null } }
        : source.Containers is { } containers ? source with { Containers = containers with { Rules = [] } }
        : source;

    static readonly ContainersConfiguration Containers = new()
    {
        Path = "/pods",
        Rules =
        [
            new()
            {
                Namespaces = ["shop"],
                Pods = ["cart-*"],
                PodUids = ["8d1b1f0a-2c3d-4e5f-8a9b-0c1d2e3f4a5b"],
                PodLabels = new()
                {
                    MatchLabels = new Dictionary<string, string> { ["app"] = "cart" },
                    MatchExpressions = [new() { Key = "tier", Operator = LabelOperator.In, Values = ["web"] }],
                },
                Containers = ["app"],
                Streams = [ContainerStream.Stderr],
                Format = OutputFormat.Json,
                Fields = [new() { Path = "message.level", Operator = FieldOperator.Equals, Values = ["error"] }],
                Only = ["level"],
            },
        ],
        RulesFile = "containers.json",
        DockerPath = "/var/lib/docker/containers",
        PollIntervalMilliseconds = 250,
        MaxLineBytes = 8192,
        MaxOpenFiles = 100,
        MaxHeldBytes = 2 << 20,
        MaxPartialBytes = 2 << 20,
    };

    static readonly ProcessesConfiguration Processes = new()
    {
        Rules =
        [
            new()
            {
                Namespaces = ["shop"],
                Pods = ["cart-*"],
                PodUids = ["8d1b1f0a-2c3d-4e5f-8a9b-0c1d2e3f4a5b"],
                PodLabels = Containers.Rules[0].PodLabels,
                Containers = ["app"],
            },
        ],
        Namespaces = ["shop"],
        IncludeHost = true,
        EventsPerSecond = 5,
        JournalMaxBytes = 16 << 20,
        PodLogsPath = "/pods",
        ContainerLogsPath = "/containers",
    };

    // No value of these equals its default, so that one forgotten by the reader shows.
    static AgentConfiguration Full() => new()
    {
        ClusterName = "prod",
        NodeName = "cp-1",
        Trail = "main",
        StateDirectory = "/state",
        Sources =
        [
            new()
            {
                Name = "apiserver",
                Type = SourceType.LogFile,
                LogFile = new() { Path = "/audit.log", StartAt = StartAt.End, MaxEventBytes = 1 << 20, PollIntervalMilliseconds = 50, RotationQuietMilliseconds = 1000,
                    LateWriterSeconds = 90, RotatedPattern = "audit.log.*", RotatedFolder = "old" },
            },
            new() { Name = "other", Type = SourceType.LogFile, LogFile = new() { Path = "/other.log" } },
            new() { Name = "processes", Type = SourceType.Processes, Processes = Processes },
            new() { Name = "output", Type = SourceType.Containers, Containers = Containers },
            new() { Name = "received", Type = SourceType.Webhook, Webhook = WebhookSourceValidationTests.Webhook },
            new() { Name = "eks", Type = SourceType.Bucket, Bucket = BucketSourceValidationTests.Bucket },
            new() { Name = "aks", Type = SourceType.EventHubs, EventHubs = EventHubsSourceValidationTests.EventHubs },
            new() { Name = "admission", Type = SourceType.Admission, Admission = AdmissionSourceValidationTests.Admission },
        ],
        Selectors = "selectors.json",
        Detections = "detections.json",
        Notifications = new()
        {
            Webhook = new()
            {
                Url = "https://hooks.example/path",
                SecretPath = "/secret",
                CaBundlePath = "/ca.pem",
                MinSeverity = DetectionSeverity.Low,
                TimeoutSeconds = 30,
            },
        },
        Batch = new()
        {
            MaxBytes = 1 << 20,
            MaxAgeSeconds = 5,
            MaxQuietAgeSeconds = 60,
            Compression = new() { Type = CompressionType.Gzip, Level = 9 },
        },
        Encryption = new() { Type = EncryptionType.Envelope, Envelope = new() { RecipientPaths = ["/keys/a.pem", "/keys/b.pem"] } },
        Spool = new() { MaxBytes = 1L << 40 },
        Sink = new()
        {
            Type = SinkType.S3,
            S3 = new()
            {
                Bucket = "audit",
                Prefix = "a/b",
                Region = "eu-central-1",
                Endpoint = "https://s3.example",
                PathStyle = true,
                CaPath = "/ca.pem",
                Credentials = new()
                {
                    Type = S3CredentialsType.Static,
                    Static = new() { AccessKeyIdPath = "/id", SecretAccessKeyPath = "/secret", SessionTokenPath = "/token" },
                },
                Encryption = new() { Type = S3EncryptionType.SseKms, KmsKeyId = "key", BucketKey = true },
                ObjectLock = new() { Mode = ObjectLockMode.Compliance, RetentionDays = 365 },
                StorageClass = "STANDARD_IA",
                Checksums = S3Checksums.WhenSupported,
                MaxConcurrency = 8,
                TimeoutSeconds = 30,
            },
        },
        Telemetry = new() { Listen = "0.0.0.0:9000" },
        Enrichment = new() { NamespaceLabels = ["team"], OwnerLabels = ["app.kubernetes.io/name"] },
        Integrity = new()
        {
            Enabled = false,
            Chain = "second",
            IntervalSeconds = 60,
            IdleIntervalSeconds = 120,
            KeyRotationDays = 30,
            Canary = true,
            Kms = new() { KeyId = "alias/clustertrail", Region = "eu-central-1", Endpoint = "https://kms.example.com" },
        },
        ShutdownGraceSeconds = 10,
    };

    static IEnumerable<string> PropertiesMissingFrom(JsonNode json, Type type, string path)
    {
        foreach (var property in type.GetProperties().Where(property => property.Name != "EqualityContract"))
        {
            var name = char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
            var inner = property.PropertyType;
            // One of several: the first source is a log file.
            if ((path, name) is ("sink", "directory") or ("sources", "processes" or "containers" or "webhook" or "bucket" or "eventHubs" or "admission"))
                continue;

            if (json[name] is not { } value)
                yield return $"{path}.{name}";
            else if (inner.Namespace == typeof(AgentConfiguration).Namespace && !inner.IsEnum)
                foreach (var missing in PropertiesMissingFrom(value, inner, name))
                    yield return missing;
            else if (value is JsonArray list && inner.GenericTypeArguments is [{ Namespace: "ClusterTrail.Contract" } item])
                foreach (var missing in PropertiesMissingFrom(list[0]!, item, name))
                    yield return missing;
        }
    }
}
