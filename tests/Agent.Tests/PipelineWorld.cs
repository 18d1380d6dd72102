using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using ClusterTrail.Agent.Batching;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Agent.Tests.Sources;
using ClusterTrail.Contract;
using ClusterTrail.Rules.Selectors;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests;

/// <summary>A log that is written and rotated, a sink that fails, and an agent's inside that crashes between any two steps.</summary>
sealed partial class PipelineWorld : IDisposable
{
    const string Source = "apiserver";

    readonly Random random;
    readonly TemporaryFolder folder = new("/dev/shm");
    readonly ManualTime time = new();
    readonly RandomLog log;
    readonly InMemorySink sink = new();
    readonly AgentMetrics metrics = new(new("0.1.0", "test"));
    readonly ReloadedFile<Selector> selectors;
    readonly List<string> trace = [];
    readonly HashSet<int> selected = [];
    Session? session;
    int gaps;

    public PipelineWorld(Random random)
    {
        this.random = random;
        log = new(random, time, MakeLine);
        Directory.CreateDirectory(Checkpoints);
        File.WriteAllBytes(folder.Join("selectors.json"), Contracts.Write(Some.Selectors(new() { Level = Contract.Selectors.SelectorLevel.None, Verbs = ["watch"] }, new() { Level = Contract.Selectors.SelectorLevel.Request })));
        selectors = new(folder.Join("selectors.json"), Selector.Everything, (path, json) => new(Contracts.ParseSelectors(path, json)), _ => { }, time, NullLogger.Instance);
    }

    string Checkpoints => folder.Join("checkpoints");

    /// <summary>Does one thing at random.</summary>
    public void Act()
    {
        var action = random.Next(100);
        switch (action)
        {
            case < 25: Do("write", log.Write); break;
            case < 30: Do("part", log.WritePart); break;
            case < 55: Do("step", () => Running.Pipeline.TryStep()); break;
            case < 63: Do("deliver", () => Running.Deliver()); break;
            case < 66: Do("deliver some and crash", () => DeliverSomeAndCrash(isStored: random.Next(2) == 0)); break;
            case < 69: Do("crash", Crash); break;
            case < 72: Do("crash before the checkpoint", CrashBeforeCheckpoint); break;
            case < 74: Do("stop", Stop); break;
            case < 79: Do("rotate", log.Rotate); break;
            case < 83: Do("compress", log.Compress); break;
            case < 87: Do("remove", log.RemoveCompressed); break;
            case < 90: Do("copytruncate", log.CopyTruncate); break;
            case < 95: time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 4000))); break;
            default: time.Advance(TimeSpan.FromSeconds(11)); break;
        }
    }

    /// <summary>Lets everything settle; then the sink must hold every selected event exactly once.</summary>
    public void Settle()
    {
        log.CompletePart();
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
        var records = sink.Objects.Values.SelectMany(Lines).ToList();
        var numbers = records.Select(record => int.Parse(Number().Match(record).Value, CultureInfo.InvariantCulture)).Order().ToList();
        var twice = numbers.GroupBy(number => number).Where(same => same.Count() > 1).Select(same => same.Key).ToList();
        Assert.True(twice.Count == 0, $"twice: {string.Join(' ', twice)}");
        Assert.Equal(selected.Order(), numbers);
        Assert.Equal(records.Count, records.Select(record => EventId().Match(record).Value).Distinct().Count());
        Assert.Equal(0, gaps);
        Assert.Empty(Directory.EnumerateFiles(folder.Join("spool")));
    }

    public string Describe() => string.Join('\n', [
        .. trace, $"gaps: {gaps}", $"{session?.Pipeline.View}", .. sink.Puts,
        .. log.Contents().Select(file => $"{file.Name}: {file.Text.Length} bytes, {string.Join(' ', Number().Matches(file.Text).Select(number => number.Value))}")]);

    public void Dispose()
    {
        session?.Dispose();
        metrics.Dispose();
        folder.Dispose();
    }

    Session Running => session ??= Start();

    Session Start()
    {
        var spool = new BatchSpool(folder.Join("spool"), 1 << 20, time);
        var spooled = spool.Open((_, path, reason) => Assert.Fail($"{path}: {reason}"));
        var uploader = new Uploader(spool, sink, new ArchiveMeter(metrics.DeclareSink("Directory"), metrics.DeclareSource), time, NullLogger<Uploader>.Instance);
        var checkpoint = new CheckpointFile(Path.Combine(Checkpoints, Source));
        var recovered = Recovery.Find(Source, checkpoint, spooled, Assert.Fail);
        var follower = new LogFollower(log.Files, new() { Path = "/audit.log", RotationQuietMilliseconds = 1000 }, recovered.Start?.Progress, _ => gaps++, time);
        var pipeline = new Pipeline(
            Source, follower, recovered, new() { MaxBytes = 4000, MaxAgeSeconds = 5, GzipLevel = 1 }, selectors, new(Some.Origin, null, time), null,
            new(Some.Origin, null, time), spool, checkpoint, uploader.Enqueue, metrics.DeclareSource(Source), time, NullLogger<Pipeline>.Instance);
        foreach (var batch in spooled.Where(batch => batch != recovered.Unconfirmed))
        {
            uploader.Enqueue(batch);
        }

        return new(pipeline, uploader);
    }

    void DeliverSomeAndCrash(bool isStored)
    {
        sink.FailAfter(random.Next(3), isStored, new("Timeout", "No answer."));
        Running.Deliver();
        sink.Recover();
        Crash();
    }

    // Without its folder the checkpoint cannot be saved: a batch is in the spool, and nobody says so.
    void CrashBeforeCheckpoint()
    {
        Directory.Move(Checkpoints, Checkpoints + ".away");
        for (var step = random.Next(1, 6); step > 0 && session is not null; step--)
        {
            session.Pipeline.TryStep();
        }

        Crash();
        Directory.Move(Checkpoints + ".away", Checkpoints);
    }

    void Crash()
    {
        session?.Dispose();
        session = null;
    }

    void Stop()
    {
        Assert.True(Running.Pipeline.TryFinish());
        Crash();
    }

    void Do(string name, Action action)
    {
        trace.Add(name);
        action();
    }

    string MakeLine(int number)
    {
        var isSelected = random.Next(4) > 0;
        if (isSelected)
        {
            selected.Add(number);
        }

        return Encoding.UTF8.GetString(AuditLine.Of(("auditID", $"\"{number}\""), ("verb", isSelected ? "\"get\"" : "\"watch\""), ("stageTimestamp", $"\"{time.GetUtcNow():O}\"")));
    }

    static IEnumerable<string> Lines(byte[] stored)
    {
        using var lines = new StreamReader(new GZipStream(new MemoryStream(stored), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    [GeneratedRegex("(?<=\"auditID\":\")[0-9]+")]
    private static partial Regex Number();

    [GeneratedRegex("(?<=\"eventID\":\")[^\"]+")]
    private static partial Regex EventId();

    /// <summary>One life of an agent.</summary>
    sealed record Session(Pipeline Pipeline, Uploader Uploader) : IDisposable
    {
        // All in memory: it has delivered what there is, or failed, when it returns.
        public void Deliver()
        {
            using var stop = new CancellationTokenSource();
            var delivering = Uploader.RunAsync(1, stop.Token);
            stop.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => delivering.GetAwaiter().GetResult());
        }

        public void Dispose() => Pipeline.Dispose();
    }
}
