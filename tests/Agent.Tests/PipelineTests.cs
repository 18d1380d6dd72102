using ClusterTrail.Agent.Batching;
using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Agent.Tests.Spool;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;
using ClusterTrail.Rules.Selectors;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests;

public sealed class PipelineTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly ManualTime time = new();
    readonly InMemoryLogFiles files = new();
    readonly AgentMetrics metrics = new(new("0.1.0", "test"));
    readonly List<SpooledBatch> delivered = [];
    readonly Told told = new();
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

        Assert.Equal(7, Assert.Single(delivered).Header.Sequence);
        Assert.Equal(8, Checkpoint.Load()!.NextSequence);
    }

    [Fact]
    public void WithoutLoggingWhatIsHeldIsDeliveredAndNothingIsRead()
    {
        var spool = new BatchSpool(folder.Join("spool"), spoolLimit, time);
        spool.Add(sequence: 7);
        using var pipeline = New();
        Write("later");
        using var stop = new CancellationTokenSource();
        var running = new Thread(() => pipeline.Run(logging: false, TimeSpan.FromMilliseconds(1), () => { }, stop.Token));

        running.Start();
        Assert.True(SpinWait.SpinUntil(() => pipeline.View.State == SourceState.Stopped, TimeSpan.FromSeconds(10)));
        stop.Cancel();
        running.Join();

        Assert.Equal(7, Assert.Single(delivered).Header.Sequence);
        Assert.Equal(0, pipeline.View.Totals.Read);
        using var again = New(new BatchSpool(folder.Join("spool"), spoolLimit, time));
        Assert.True(again.TryStep());
        Assert.Equal(1, again.View.Totals.Read);
    }

    [Fact]
    public void TheSameTroubleIsToldOnceAndMetEverMoreSlowly()
    {
        using var pipeline = New();
        Directory.Move(folder.Join("checkpoints"), folder.Join("away"));
        using var stop = new CancellationTokenSource();
        var steps = 0;
        var running = new Thread(() => pipeline.Run(logging: true, TimeSpan.FromMilliseconds(1), () => Interlocked.Increment(ref steps), stop.Token));

        running.Start();
        SpinWait.SpinUntil(() => Volatile.Read(ref steps) > 8, TimeSpan.FromSeconds(10));
        Thread.Sleep(200);
        stop.Cancel();
        running.Join();

        Assert.InRange(steps, 8, 12);
        Assert.Single(told.Messages, message => message.Contains("cannot write to the state folder"));
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

    void Write(string id) => files.Append("audit.log", [.. AuditLine.Of(("auditID", $"\"{id}\"")), (byte)'\n']);

    Pipeline New(BatchSpool? own = null)
    {
        var spool = own ?? new BatchSpool(folder.Join("spool"), spoolLimit, time);
        var recovered = Recovery.Find("apiserver", Checkpoint, spool.Open((_, _, reason) => Assert.Fail(reason)), Assert.Fail);
        var follower = new LogFollower(files, new() { Path = "/audit.log", StartAt = startAt }, recovered.Start?.Progress, _ => { }, time);
        return new(
            "apiserver", follower, recovered, new(), Some.Selecting(Selector.Everything, time), new(Some.Origin, null, time), null,
            new Sealer(Some.Origin, null, time), spool, Checkpoint, delivered.Add, metrics.DeclareSource("apiserver"), time, told);
    }

    sealed class Told : ILogger<Pipeline>
    {
        public List<string> Messages { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Add(formatter(state, exception));
    }
}
