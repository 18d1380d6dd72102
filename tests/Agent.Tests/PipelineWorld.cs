using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Integrity;
using ClusterTrail.Agent.Notifications;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Agent.Tests.Sources;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Selectors;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests;

/// <summary>A log that is written and rotated, a sink and a webhook that fail, and an agent's inside that crashes between any two
/// steps.</summary>
sealed partial class PipelineWorld : IDisposable
{
    const string Source = "apiserver";
    const string Rule = "guarded-namespace";

    readonly Random random;
    readonly bool holds;
    readonly CompressionConfiguration compression;
    readonly TemporaryFolder folder = new("/dev/shm");
    readonly ManualTime time = new();
    readonly RandomLog log;
    readonly InMemoryLineStore lines = new();
    readonly InMemorySink sink = new();
    readonly InMemorySink webhook = new();
    readonly AgentMetrics metrics = new(new("0.1.0", "test"));
    readonly NotificationMetrics notificationMetrics;
    readonly FindingLog findings;
    readonly ReloadedFile<Selector> selectors;
    readonly ReloadedFile<DetectionSet> rules;
    readonly List<string> trace = [];
    readonly HashSet<int> selected = [];
    readonly HashSet<int> guarded = [];
    readonly Dictionary<(DateTimeOffset Window, string User), int> aggregated = [];
    Session? session;
    bool logging = true;
    int gaps;

    /// <param name="holds">Whether the source holds lines back.</param>
    public PipelineWorld(Random random, CompressionType type, bool holds = false)
    {
        (this.random, this.holds) = (random, holds);
        compression = new() { Type = type, Level = 1 };
        log = new(random, time, MakeLine);
        findings = new(new(metrics.Meter, "main"), time, NullLogger.Instance);
        notificationMetrics = new(metrics.Meter);
        rules = Some.InForce(time, Some.Rule(Rule) with { Match = new() { Namespaces = ["guarded"] } });
        Directory.CreateDirectory(Checkpoints);
        File.WriteAllBytes(
            folder.Join("selectors.json"),
            Contracts.Write(
                Some.Selectors(new() { Level = Contract.Selectors.SelectorLevel.None, Verbs = ["watch"] },
                    new() { Level = Contract.Selectors.SelectorLevel.Metadata, Aggregate = true, Verbs = ["list"] },
                    new() { Level = Contract.Selectors.SelectorLevel.Request })));
        selectors = new(
            folder.Join("selectors.json"), Selector.Everything, (path, json) => new(Contracts.ParseSelectors(path, json)), _ => { }, time,
            NullLogger.Instance);
    }

    const string Insight = "\"eventCategory\":\"Insight\"";
    const string Aggregate = "\"eventCategory\":\"Aggregate\"";

    string Checkpoints => folder.Join("checkpoints");

    string Notifications => folder.Join("notifications");

    /// <summary>Does one thing at random.</summary>
    public void Act()
    {
        var action = random.Next(100);
        switch (action)
        {
            case < 25: Do("write", log.Write); break;
            case < 30: Do("part", log.WritePart); break;
            case < 53: Do("step", () => Running.Pipeline.TryTurn(logging)); break;
            case < 55: Do(logging ? "logging off" : "logging on", SwitchLogging); break;
            case < 63: Do("deliver", () => Running.Deliver()); break;
            case < 66: Do("deliver some and crash", () => DeliverSomeAndCrash(isStored: random.Next(2) == 0)); break;
            case < 68: Do("crash", Crash); break;
            case < 69 when random.Next(2) == 0: Do("crash, and the agent before was an older one", BecomeOlder); break;
            case < 69: Do("wrong path", StartAtTheWrongPath); break;
            case < 72: Do("crash before the checkpoint", CrashBeforeCheckpoint); break;
            case < 74: Do("stop", Stop); break;
            case < 76: Do("crash before the notification", CrashBeforeNotification); break;
            case < 79: Do("rotate", log.Rotate); break;
            case < 83: Do("compress", log.Compress); break;
            case < 87: Do("remove", log.RemoveCompressed); break;
            case < 90: Do("copytruncate", log.CopyTruncate); break;
            case < 92: Do("digest", () => Running.Digests.Turn()); break;
            case < 94: Do("crash between two writes", CrashBetweenWrites); break;
            case < 97: time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 4000))); break;
            default: time.Advance(TimeSpan.FromSeconds(11)); break;
        }
    }

    /// <summary>Lets everything settle; then the sink must hold every selected event and every finding exactly once, every other event that is
    /// asked for in exactly one count, and the webhook every finding.</summary>
    public void Settle()
    {
        log.CompletePart();
        logging = true;
        for (var round = 0; round < 30; round++)
        {
            time.Advance(TimeSpan.FromSeconds(3));
            while (Running.Pipeline.TryStep())
            {
            }

            Running.Deliver();
        }

        Assert.True(Running.Pipeline.TryFinish());
        Running.Deliver();
        SettleDigests();
        var all = Batches.Values.SelectMany(PlainBatch.LinesOf).ToList();
        var insights = all.Where(record => record.Contains(Insight, StringComparison.Ordinal)).ToList();
        var counts = all.Where(record => record.Contains(Aggregate, StringComparison.Ordinal)).ToList();
        var records = all.Except(insights).Except(counts).ToList();
        var numbers = records.Select(record => int.Parse(Number().Match(record).Value, CultureInfo.InvariantCulture)).Order().ToList();
        var twice = numbers.GroupBy(number => number).Where(same => same.Count() > 1).Select(same => same.Key).ToList();
        Assert.True(twice.Count == 0, $"twice: {string.Join(' ', twice)}");
        Assert.Equal(selected.Order(), numbers);
        Assert.Equal(all.Count, all.Select(IdOf).Distinct().Count());
        AssertFindings(records, insights);
        AssertCounts(counts);
        Assert.Equal(0, gaps);
        Assert.Empty(Directory.EnumerateFiles(folder.Join("spool")));
        Assert.Empty(Directory.EnumerateFiles(Notifications));
    }

    // However many rows a key has, together they count each of its events once.
    void AssertCounts(List<string> counts)
    {
        var counted = counts.Select(count => JsonNode.Parse(count)!)
            .GroupBy(count => KeyOf((string)count["timeWindow"]!["windowStart"]!, (string)count["userIdentity"]!["userName"]!))
            .ToDictionary(same => same.Key, same => same.Sum(count => (int)count["aggregateDetails"]!["count"]!));
        Assert.Equal(aggregated.OrderBy(one => one.Key), counted.OrderBy(one => one.Key));
    }

    static (DateTimeOffset Window, string User) KeyOf(string time, string user)
    {
        var at = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
        return (at.AddTicks(-(at.Ticks % TimeSpan.FromMinutes(5).Ticks)), user);
    }

    // A finding brings its event along just when nobody selected it.
    void AssertFindings(List<string> records, List<string> insights)
    {
        var alone = insights.Where(insight => !Number().IsMatch(insight)).Select(IdOf).Order();
        var withEvent = insights.Select(insight => Number().Match(insight)).Where(number => number.Success)
            .Select(number => int.Parse(number.Value, CultureInfo.InvariantCulture)).Order();
        Assert.Equal(guarded.Except(selected).Order(), withEvent);
        Assert.Equal(
            records.Where(record => guarded.Contains(int.Parse(Number().Match(record).Value, CultureInfo.InvariantCulture)))
                .Select(record => $"{IdOf(record)}-{Rule}").Order(),
            alone);
        var reported = webhook.Objects.Values.SelectMany(content =>
            Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(
            insights.Select(IdOf).Order(), reported.Select(one => CloudEvent.IdOf(Encoding.UTF8.GetBytes(one))).Distinct().Order());
    }

    static string IdOf(string record) => EventId().Match(record).Value;

    public string Describe() => string.Join('\n', [
        .. trace, $"gaps: {gaps}", $"{session?.Pipeline.View}", .. sink.Puts,
        .. log.Contents().Select(file =>
            $"{file.Name}: {file.Text.Length} bytes, {string.Join(' ', Number().Matches(file.Text).Select(number => number.Value))}")]);

    public void Dispose()
    {
        session?.Dispose();
        metrics.Dispose();
        folder.Dispose();
    }

    Session Running => session ??= Start(log.Files);

    Session Start(ILogFiles files)
    {
        // As long as a start takes, and more: what is spooled is numbered by time.
        time.Advance(TimeSpan.FromMilliseconds(1));
        writesLeft = null;
        var spool = new BatchSpool(folder.Join("spool"), 1 << 20, time, EnsureAlive);
        var uploader = new Uploader(
            spool, sink, new ArchiveMeter(metrics.DeclareSink("Directory"), metrics.DeclareSource, metrics.Digests), time,
            NullLogger<Uploader>.Instance);
        var (notifying, notifier) = StartNotifying();
        var (chain, ledger) = StartChain(new(spool, uploader.Enqueue));
        var spooled = spool.Open((_, path, reason) => Assert.Fail($"{path}: {reason}"));
        var checkpoint = new CheckpointFile(Path.Combine(Checkpoints, Source), EnsureAlive);
        var recovered = Recovery.Find(Source, checkpoint, spool, Assert.Fail);
        var follower = new LogFollower(
            files, lines, new() { Path = "/audit.log", RotationQuietMilliseconds = 1000 }, recovered.Start?.Progress,
            new(NoteGap, _ => { }, _ => { }), time);
        var limits = new BatchConfiguration { MaxBytes = 4000, MaxAgeSeconds = 5, Compression = compression };
        var context = new SourceContext(Source, limits, metrics.DeclareSource(Source), time, NullLoggerFactory.Instance);
        var recorder = new Recorder(Some.Origin, selectors, new(Some.Origin, rules, findings), time);
        var output = new SourceOutput(
            new(Some.Origin, null, time), new(spool, uploader.Enqueue), checkpoint, notifier, new(Source, ledger));
        Assert.Null(output.Ledger.GoOn(recovered, spool));
        ISource source = holds ? new HoldingSource(follower, random, time) : follower;
        var pipeline = new Pipeline(context, source, recorder, new(context, source, recovered, output));
        foreach (var batch in spooled.Where(batch => batch != recovered.Unconfirmed))
        {
            uploader.Enqueue(batch);
        }

        return new(pipeline, uploader, notifying, StartDigests(chain, ledger, pipeline), ledger);
    }

    void NoteGap(Gap gap)
    {
        gaps++;
        trace.Add($"{gap}");
    }

    (Uploader Uploader, Notifier Notifier) StartNotifying()
    {
        var spool = new BatchSpool(Notifications, 1 << 20, time);
        var uploader = new Uploader(spool, webhook, notificationMetrics, time, NullLogger<Uploader>.Instance);
        foreach (var waiting in spool.Open((_, path, reason) => Assert.Fail($"{path}: {reason}")))
        {
            uploader.Enqueue(waiting);
        }

        return (uploader,
            new(Source, Some.Origin, DetectionSeverity.High, new(spool, uploader.Enqueue), notificationMetrics, time, NullLogger.Instance));
    }

    void Do(string name, Action action)
    {
        trace.Add(name);
        action();
    }

    string MakeLine(int number)
    {
        var verb = random.Next(4) switch { 0 => "watch", 1 => "list", _ => "get" };
        var (now, user) = ($"{time.GetUtcNow():O}", random.Next(2) == 0 ? "ann" : "bob");
        if (verb == "get")
        {
            selected.Add(number);
        }
        else if (verb == "list")
        {
            CollectionsMarshal.GetValueRefOrAddDefault(aggregated, KeyOf(now, user), out _)++;
        }

        var isGuarded = random.Next(4) == 0;
        if (isGuarded)
        {
            guarded.Add(number);
        }

        return Encoding.UTF8.GetString(
            AuditLine.Of(
                AuditLine.ObjectRef("pods", ns: isGuarded ? "guarded" : "shop"), ("auditID", $"\"{number}\""), ("verb", $"\"{verb}\""),
                ("user", $$"""{"username":"{{user}}"}"""), ("stageTimestamp", $"\"{now}\"")));
    }

    [GeneratedRegex("(?<=\"auditID\":\")[0-9]+")]
    private static partial Regex Number();

    [GeneratedRegex("(?<=\"eventID\":\")[^\"]+")]
    private static partial Regex EventId();

    /// <summary>One life of an agent.</summary>
    sealed record Session(Pipeline Pipeline, Uploader Uploader, Uploader Notifying, DigestRunner Digests, DigestLedger Ledger)
        : IDisposable
    {
        // All in memory: it has delivered what there is, or failed, when it returns.
        public void Deliver()
        {
            using var stop = new CancellationTokenSource();
            Task[] delivering = [Uploader.RunAsync(1, stop.Token), Notifying.RunAsync(1, stop.Token)];
            stop.Cancel();
            Assert.All(delivering, task => Assert.ThrowsAny<OperationCanceledException>(() => task.GetAwaiter().GetResult()));
        }

        public void Dispose()
        {
            Pipeline.Dispose();
            Ledger.Dispose();
        }
    }
}
