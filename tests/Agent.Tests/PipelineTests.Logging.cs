using ClusterTrail.Agent.Spool;
using ClusterTrail.Agent.Tests.Spool;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent.Tests;

/// <summary>Logging that is off, at the start and from some time on.</summary>
public sealed partial class PipelineTests
{
    [Fact]
    public void WithoutLoggingWhatIsHeldIsDeliveredAndNothingIsRead()
    {
        var spool = new BatchSpool(folder.Join("spool"), spoolLimit, time);
        spool.Add(sequence: 7);
        using var pipeline = New();
        Write("later");
        using var stop = new CancellationTokenSource();
        var running = new Thread(() => pipeline.Run(() => false, TimeSpan.FromMilliseconds(1), () => { }, stop.Token));

        running.Start();
        Assert.True(SpinWait.SpinUntil(() => pipeline.View.State == SourceState.Stopped, TimeSpan.FromSeconds(10)));
        stop.Cancel();
        running.Join();

        Assert.Equal(7, Assert.Single(delivered).Sequence);
        Assert.Equal(0, pipeline.View.Totals.Read);
        using var again = New(new BatchSpool(folder.Join("spool"), spoolLimit, time));
        Assert.True(again.TryStep());
        Assert.Equal(1, again.View.Totals.Read);
    }

    [Fact]
    public void LoggingIsTurnedOffAndOnAgainWhereItStood()
    {
        using var pipeline = New();
        Write("a");
        Assert.True(pipeline.TryTurn(logging: true));
        Write("b");

        Assert.False(pipeline.TryTurn(logging: false));

        Assert.Equal(SourceState.Stopped, pipeline.View.State);
        Assert.Equal(1, SpoolFile.Read(Assert.Single(delivered).Path, new()).Header.Events);
        Assert.Equal(2, Checkpoint.Load()!.NextSequence);
        Assert.Equal(1, pipeline.View.Totals.Read);
        // Rotated away meanwhile, it is read all the same: it is still open.
        files.Rename("audit.log", "audit.log.1");
        files.Create("audit.log");
        files.Delete("audit.log.1");
        Write("c");
        Assert.False(pipeline.TryTurn(logging: false));

        Assert.True(pipeline.TryTurn(logging: true));
        time.Advance(TimeSpan.FromSeconds(11));
        pipeline.TryTurn(logging: true);

        Assert.Equal(3, pipeline.View.Totals.Read);
        Assert.Equal(SourceState.Idle, pipeline.View.State);
    }
}
