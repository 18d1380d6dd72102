using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Agent.Tests.Spool;
using ClusterTrail.Agent.Tests.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;
using ClusterTrail.Rules.Selectors;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests;

public sealed partial class PipelineTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly ManualTime time = new();
    readonly InMemoryLogFiles files = new();
    readonly InMemoryLineStore lines = new();
    readonly List<string> failures = [];
    readonly AgentMetrics metrics = new(new("0.1.0", "test"));
    readonly List<SpooledBatch> delivered = [];
    readonly LoggedMessages<Pipeline> logged = new();
    StartAt startAt = StartAt.Beginning;
    long spoolLimit = 1 << 20;

    public PipelineTests()
    {
        files.Create("audit.log");
        Directory.CreateDirectory(folder.Join("checkpoints"));
    }

    CheckpointFile Checkpoint => new(folder.Join("checkpoints/apiserver"));

    public void Dispose()
    {
        metrics.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void ACrashBeforeTheFirstBatchSkipsNothingOfASourceStartedAtItsEnd()
    {
        startAt = StartAt.End;
        Write("before");
        using (var first = New())
        {
            first.TryStep();
            Write("after");
            Assert.True(first.TryStep());
        }

        using var second = New();
        Assert.True(second.TryStep());

        Assert.Equal(1, second.View.Totals.Read);
    }

    [Fact]
    public void ABatchThatTheCheckpointDoesNotKnowIsDeliveredOnceItDoes()
    {
        var spool = new BatchSpool(folder.Join("spool"), spoolLimit, time);
        spool.Add(sequence: 7);
        using var pipeline = New();
        Directory.Move(folder.Join("checkpoints"), folder.Join("away"));
        Assert.False(pipeline.TryStep());
        Assert.Empty(delivered);
        Assert.Equal(SourceState.Blocked, pipeline.View.State);

        Directory.Move(folder.Join("away"), folder.Join("checkpoints"));
        pipeline.TryStep();

        Assert.Equal(7, Assert.Single(delivered).Sequence);
        Assert.Equal(8, Checkpoint.Load()!.NextSequence);
    }

    [Fact]
    public void TheSameTroubleIsToldOnceAndMetEverMoreSlowly()
    {
        using var pipeline = New();
        Directory.Move(folder.Join("checkpoints"), folder.Join("away"));
        using var stop = new CancellationTokenSource();
        var steps = 0;
        var running = new Thread(() =>
            pipeline.Run(() => true, TimeSpan.FromMilliseconds(1), () => Interlocked.Increment(ref steps), stop.Token));

        running.Start();
        SpinWait.SpinUntil(() => Volatile.Read(ref steps) > 8, TimeSpan.FromSeconds(10));
        Thread.Sleep(200);
        stop.Cancel();
        running.Join();

        Assert.InRange(steps, 8, 12);
        Assert.Single(logged.Messages, message => message.Contains("cannot write to the state directory"));
    }

    [Fact]
    public void AFullSpoolStopsReadingUntilTheSinkTookSomething()
    {
        spoolLimit = 10;
        var spool = new BatchSpool(folder.Join("spool"), spoolLimit, time);
        using var pipeline = New(spool);
        Write("a");
        Assert.True(pipeline.TryStep());
        time.Advance(TimeSpan.FromMinutes(2));
        pipeline.TryStep();
        Write("b");

        Assert.False(pipeline.TryStep());
        Assert.Equal(SourceState.Blocked, pipeline.View.State);

        spool.Remove(delivered.Single());
        Assert.True(pipeline.TryStep());
        Assert.Equal(2, pipeline.View.Totals.Read);
    }

    [Fact]
    public void ACheckpointMovesOverWhatWasNotSelectedOnlyWhenItIsSafe()
    {
        using var pipeline = New();
        Write("a");
        pipeline.TryStep();
        Assert.Equal(0, Checkpoint.Load()!.Progress.Files.Sum(file => file.Offset));

        Assert.True(pipeline.TryFinish());

        Assert.True(Checkpoint.Load()!.Progress.Files.Single().Offset > 0);
        Assert.Equal(2, Checkpoint.Load()!.NextSequence);
    }

    [Fact]
    public void WithoutALogItSaysWhatToDo()
    {
        files.Delete("audit.log");
        using var pipeline = New();

        pipeline.TryStep();
        Assert.Equal(SourceState.Starting, pipeline.View.State);
        time.Advance(TimeSpan.FromSeconds(5));
        pipeline.TryStep();

        Assert.Equal(SourceState.Waiting, pipeline.View.State);
        Assert.Equal(
            "/audit.log does not exist. Give kube-apiserver --audit-log-path=/audit.log and an --audit-policy-file, "
                + "or correct sources[].logFile.path.",
            pipeline.View.Message);
    }

    [Fact]
    public void ALogThatIsDeletedUnderItsWriterIsToldApartFromOneThatIsNotThereYet()
    {
        Write("a");
        using var pipeline = New();
        pipeline.TryStep();

        files.Delete("audit.log");
        pipeline.TryStep();
        time.Advance(TimeSpan.FromSeconds(1));
        pipeline.TryStep();
        Assert.Equal(SourceState.Idle, pipeline.View.State); // as in the midst of a rotation
        time.Advance(TimeSpan.FromSeconds(5));
        pipeline.TryStep();

        Assert.Equal(SourceState.Waiting, pipeline.View.State);
        Assert.StartsWith(
            "/audit.log was deleted or renamed, and kube-apiserver may still write into it. Restart kube-apiserver", pipeline.View.Message);
    }

    [Fact]
    public void RecordsOfFindingsAreNoSelectedEvents()
    {
        using var detector = new SourceDetector(
            Some.Origin, Some.InForce(time, Some.Rule(), Some.Rule("another")), new(new(metrics.Meter, "main"), time, NullLogger.Instance));
        using var pipeline = New(detector: detector, selector: new(Some.Selectors()));
        Write("a");
        Write("b");

        pipeline.TryStep();
        Assert.True(pipeline.TryFinish());

        Assert.Equal((2, 0, 4), (pipeline.View.Totals.Read, pipeline.View.Totals.Selected, pipeline.View.Totals.Insights));
        Assert.Equal((2, 0, 4),
            (Counted("clustertrail_source_read_events"), Counted("clustertrail_selected_events"), Counted("clustertrail_insight_records")));
        Assert.Equal(4, SpoolFile.Read(Assert.Single(delivered).Path, new()).Header.Events);
    }

    [Fact]
    public void AFileThatCannotBeReadIsTriedEverMoreRarelyAndShownForAsLongAsItLasts()
    {
        files.Create("audit.log.1");
        files.Refuse("audit.log.1", "/audit.log.1: Input/output error");
        using var pipeline = New();

        for (var turn = 0; turn < 40; turn++)
        {
            Write($"event-{turn}");
            pipeline.TryStep();
            Assert.Equal((SourceState.Failed, "/audit.log.1: Input/output error"), (pipeline.View.State, pipeline.View.Message));
            time.Advance(TimeSpan.FromSeconds(4));
        }

        Assert.InRange(pipeline.View.Totals.Read, 30, 40);
        Assert.InRange(failures.Count, 5, 10);
        files.Refuse("audit.log.1", null);
        time.Advance(TimeSpan.FromMinutes(1));
        pipeline.TryStep();
        pipeline.TryStep();
        Assert.Null(pipeline.View.Message);
    }

    [Fact]
    public void AnAgentThatStartsWithAFullSpoolKnowsHowFarItIsBehind()
    {
        spoolLimit = 10;
        var spool = new BatchSpool(folder.Join("spool"), spoolLimit, time);
        using (var first = New(spool))
        {
            Write("a");
            first.TryStep();
            time.Advance(TimeSpan.FromMinutes(2));
            first.TryStep();
        }

        Write("b");
        time.Advance(TimeSpan.FromHours(1));
        using var second = New();
        for (var turn = 0; turn < 3; turn++)
        {
            second.TryStep();
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(SourceState.Blocked, second.View.State);
        Assert.Equal(0, second.View.Totals.Read);
        var lag = second.View.Lag(time.GetUtcNow());
        Assert.True(lag is { Bytes: > 0, Seconds: >= 3600 }, $"{lag}");
    }

    [Fact]
    public void LinesThatNoApiServerWroteAreNotCompared()
    {
        using var pipeline = New();
        Write("a");
        files.Append("audit.log", "x\n\0\0\0\nI1127 12:00:00 1 main.go:1]\n"u8.ToArray());
        // It was cut off.
        files.Append("audit.log", [.. AuditLine.Of(("auditID", "\"b\""))[..40], (byte)'\n']);
        Write("c");

        pipeline.TryStep();

        Assert.Equal(3, pipeline.View.Count?.Lines);
    }

    double Counted(string name) => metrics.Collector.Counted(name);

    void Write(string id) => files.Append("audit.log", [.. AuditLine.Of(("auditID", $"\"{id}\"")), (byte)'\n']);

    Pipeline New(
        BatchSpool? own = null, SourceDetector? detector = null, Selector? selector = null, BatchConfiguration? limits = null,
        RecordTags? tags = null)
    {
        var spool = own ?? new BatchSpool(folder.Join("spool"), spoolLimit, time);
        spool.Open((_, _, reason) => Assert.Fail(reason));
        var recovered = Recovery.Find("apiserver", Checkpoint, spool, Assert.Fail);
        var follower = new LogFollower(
            files, lines, new() { Path = "/audit.log", StartAt = startAt }, recovered.Start?.Progress,
            new(_ => { }, failures.Add, _ => { }), time);
        var context = new SourceContext("apiserver", limits ?? new(), metrics.DeclareSource("apiserver"), time, logged.Factory)
        {
            Tags = tags,
        };
        var recorder = new Recorder(Some.Origin, Some.Selecting(selector ?? Selector.Everything, time), detector, time, tags: tags);
        var output = new SourceOutput(new(Some.Origin, null, time), new(spool, delivered.Add), Checkpoint, null, new("apiserver", null));
        return new(context, follower, recorder, new(context, follower, recovered, output));
    }
}
