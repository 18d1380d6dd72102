using System.Text.Json;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Contract.Status;
using ClusterTrail.Telemetry;

namespace ClusterTrail.Agent.Tests.Telemetry;

/// <summary>An agent's telemetry with something in every metric and every field.</summary>
static class SomeTelemetry
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static AgentMetrics Metrics()
    {
        var metrics = new AgentMetrics(new("0.1.0", "246c6df"));
        metrics.DeclareSource("apiserver").Read(3, 4096);
        _ = new PolicyMetrics(metrics.Meter);
        metrics.DeclareSink("S3").Delivered(TimeSpan.FromSeconds(0.2));
        metrics.DeclareSink("S3").Failed(TimeSpan.FromSeconds(60), "Timeout");
        metrics.Gauges.WatchSource("apiserver", () => new(1.5, 2048));
        metrics.Gauges.WatchSpool(() => new(1 << 20, 1 << 30, 2, 12.5));
        metrics.Gauges.WatchSink("S3", Sink);
        metrics.Gauges.WatchImmutability(() => Status().Immutability);
        metrics.Gauges.WatchConfiguration(() => new("c0ffee", "5e1ec7"));
        var detections = new DetectionMetrics(metrics.Meter, "main");
        detections.Declare([Some.Rule("pod-exec") with { Threshold = new() { Count = 2, WindowSeconds = 60 } }]);
        detections.Watch(() => [("pod-exec", Noon)]);
        metrics.Digests.Sealed(Noon);
        new NotificationMetrics(metrics.Meter).Dropped(1);
        return metrics;
    }

    /// <summary>Also with what is shown only with sources of some types.</summary>
    public static AgentMetrics MetricsOfAllSources()
    {
        var metrics = Metrics();
        metrics.Gauges.Receivers.Watch("received", () => new()
        {
            JournalBytes = 1,
            JournalLimitBytes = 2,
            ReceivedEvents = 3,
            RepeatedRequests = 0,
            DeferredRequests = 0,
            RefusedRequests = 0,
            CertificateExpiresAt = Noon,
            Callers = [new() { Name = "kube-apiserver", Address = "127.0.0.1", LastAt = Noon, Events = 3 }],
        });
        metrics.Gauges.Receivers.Answered("received", ReceiverResult.Stored, 3, TimeSpan.FromSeconds(0.1));
        metrics.Gauges.Feeds.Watch("aks", () => new()
        {
            JournalBytes = 1,
            JournalLimitBytes = 2,
            ReadObjects = 3,
            ReadEvents = 4,
            CutEvents = 0,
            OtherEntries = 0,
            UnreadableParts = 0,
            LastAnswerAt = Noon,
            NewestReadAt = Noon,
        });
        metrics.Gauges.Processes.Watch("processes", () => new()
        {
            Method = ProcessMethod.KernelProgram,
            RecordedEvents = 1,
            LostEvents = 0,
            RateLimitedEvents = 0,
            UnattributedEvents = 0,
            Containers = 1,
            Join = new()
            {
                IsExpected = true,
                IsLive = true,
                Joined = 1,
                Ambiguous = 0,
                OfKubelet = 0,
                Unexplained = 0,
                NotEvaluable = 0,
                Refused = 0,
            },
        });
        return metrics;
    }

    public static TelemetryPages Pages() => new()
    {
        Metrics = (_, _, _) => Task.CompletedTask,
        Status = () => JsonSerializer.SerializeToUtf8Bytes(Status(), StatusJson.Default.AgentStatus),
        HealthProblems = () => [],
        ReadinessProblems = () => [],
    };

    public static AgentStatus Status() => new()
    {
        Agent = new()
        {
            Version = "0.1.0",
            Revision = "246c6df",
            ClusterName = "prod-eu",
            NodeName = "cp-1",
            Trail = "main",
            StartedAt = Noon.AddHours(-1),
        },
        ConfigHash = "c0ffee",
        Configuration = new() { Hash = "c0ffee", LoadedAt = Noon.AddHours(-1), Logging = true },
        Selectors = new() { Hash = "5e1ec7", LoadedAt = Noon.AddHours(-1), RuleSets = 2, Policy = Policy() },
        Detections = new()
        {
            Hash = "de7ec7",
            LoadedAt = Noon.AddHours(-1),
            Rules = 30,
            Findings =
            [
                new("pod-exec", "high", "Somebody ran a command in a pod, or attached to it.", 2, Noon,
                    "0aa46eba2da79fa2628a8bd7-0000000000001000-pod-exec"),
            ],
            CannotFire = [new("privileged-pod", "level Request", 12)],
        },
        Sources = [Source()],
        Spool = new() { Bytes = 1 << 20, LimitBytes = 1 << 30, Batches = 2, OldestAgeSeconds = 12.5 },
        Sinks = [Sink()],
        Integrity = new()
        {
            Chain = "agent",
            ChainId = "8f14e45fceea167a5a36dedd4bea2543",
            Sequence = 12,
            Sha256 = "3fe91a90051d44988b8c7f2dbd1ad30aaa3c2d1f6a1b2fd2c36e8c1c2c79f0ab",
            Until = Noon.AddMinutes(-2),
            NextBy = Noon.AddMinutes(4),
            KeyId = "fbc9fdce94def6491fda5894eb4fb7301e9bce1015b704d7fa4d847372ab9339",
            PublicKey = "MFkwEwYHKoZI",
            Completeness = new() { At = Noon.AddSeconds(-20), Hash = "b1946ac92492d2347c6235b4d2611184a9f1b2a3d7f8b5a6b8d6b8d1c1f0e6d3" },
        },
        Immutability = new()
        {
            At = Noon.AddHours(-1),
            Immutable = true,
            Reason = "Locked",
            Message = "Deleting a version was refused (AccessDenied).",
            Object = "canary/cluster=prod-eu/trail=main/node=cp-1/20260301T110000000Z-agent-0011223344556677.json",
        },
        Notifications = new()
        {
            Description = "https://hooks.example.com",
            LastDelivery = new(Noon, "notifications of apiserver 639000000000000000"),
            AsideBatches = 0,
            DeliveredBatches = 2,
            DeliveredEvents = 2,
        },
    };

    static PolicyStatus Policy() => new()
    {
        ObservedSeconds = 3600,
        Rules = 3,
        Events = 120,
        Shortfalls =
        [
            new()
            {
                RuleSet = "main",
                Rule = 1,
                Verb = "update",
                Group = "",
                Resource = "configmaps",
                Arrives = SelectorLevel.Metadata,
                Asked = SelectorLevel.Request,
                Undecided = false,
                Events = 4,
            },
        ],
        Others = 0,
    };

    static SourceStatus Source() => new()
    {
        Name = "apiserver",
        State = SourceState.Reading,
        Path = "/var/log/kubernetes/audit.log",
        File = "c9d4baeeec53713c023f789904b5cc37",
        Offset = 1048576,
        LagBytes = 2048,
        LagSeconds = 1.5,
        LastEventAt = Noon,
        ReadEvents = 3,
        SelectedEvents = 2,
        AggregatedEvents = 0,
        InsightRecords = 1,
        Gaps = 0,
    };

    static SinkStatus Sink() => new()
    {
        Description = "s3://archive/prod",
        LastDelivery = new(Noon, "events/cluster=prod-eu/trail=main/x.ndjson.zst"),
        LastError = new(Noon.AddSeconds(30), Noon.AddSeconds(5), "AccessDenied", "The role may not put objects.", 3),
        AsideBatches = 1,
        FirstAside = new(
            "apiserver-0000000007.20260301T113000123Z.batch", Noon.AddMinutes(-20), "EntityTooLarge",
            "The store takes no object of this size.", 4),
        DeliveredBatches = 7,
        DeliveredEvents = 70,
    };
}
