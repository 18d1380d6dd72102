using ClusterTrail.Agent.Tests.Spool;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract.Status;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests;

/// <summary>What goes wrong, and what people change, while the agent runs.</summary>
sealed partial class PipelineWorld
{
    void DeliverSomeAndCrash(bool isStored)
    {
        sink.FailAfter(random.Next(3), isStored, new("Timeout", "No answer."));
        webhook.FailAfter(random.Next(3), isStored, new("Http500", "No answer."));
        Running.Deliver();
        sink.Recover();
        webhook.Recover();
        Crash();
    }

    // Without its folder no notification is on disk, so no checkpoint may move beyond its event.
    void CrashBeforeNotification()
    {
        _ = Running;
        Directory.Move(Notifications, Notifications + ".away");
        for (var step = random.Next(1, 6); step > 0; step--)
        {
            Running.Pipeline.TryTurn(logging);
        }

        Crash();
        Directory.Move(Notifications + ".away", Notifications);
    }

    // Without its folder the checkpoint cannot be saved: a batch is in the spool, and nobody says so.
    void CrashBeforeCheckpoint()
    {
        Directory.Move(Checkpoints, Checkpoints + ".away");
        for (var step = random.Next(1, 6); step > 0 && session is not null; step--)
        {
            session.Pipeline.TryTurn(logging);
        }

        Crash();
        Directory.Move(Checkpoints + ".away", Checkpoints);
    }

    void BecomeOlder()
    {
        _ = Running;
        Crash();
        SomeSpool.MakeOld(folder.Join("spool"));
    }

    void Crash()
    {
        session?.Dispose();
        session = null;
    }

    // Handed over while the agent runs: most often it turns a few times before the next change, and it may crash before it does.
    void SwitchLogging()
    {
        logging = !logging;
        for (var turn = random.Next(3); turn > 0; turn--)
        {
            Running.Pipeline.TryTurn(logging);
        }

        if (!logging && random.Next(2) == 0)
        {
            AssertStopped();
        }
    }

    // Off for a while, nothing is open any more and nothing is read, whatever is written.
    void AssertStopped()
    {
        Running.Pipeline.TryTurn(logging);
        var before = Running.Pipeline.View.Totals.Read;
        log.Write();
        Running.Pipeline.TryTurn(logging);
        Assert.Equal((SourceState.Stopped, before), (Running.Pipeline.View.State, Running.Pipeline.View.Totals.Read));
    }

    // A new start with a path at which there is no log; it stops or crashes, and the next one is corrected.
    void StartAtTheWrongPath()
    {
        Crash();
        session = Start(new InMemoryLogFiles());
        for (var turn = random.Next(1, 6); turn > 0; turn--)
        {
            session.Pipeline.TryTurn(logging);
            time.Advance(TimeSpan.FromSeconds(random.Next(1, 12)));
        }

        if (random.Next(2) == 0)
        {
            Assert.True(session.Pipeline.TryFinish());
        }

        Crash();
    }

    void Stop()
    {
        Assert.True(Running.Pipeline.TryFinish());
        Running.Digests.Finish(StopCause.Shutdown);
        Crash();
    }
}
