using ClusterTrail.Agent.Integrity;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract.Status;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests;

/// <summary>The agent's digests: whatever crashes when, one chain names every batch once.</summary>
sealed partial class PipelineWorld
{
    int? writesLeft;

    IReadOnlyDictionary<string, byte[]> Batches =>
        sink.Objects.Where(one => one.Key.StartsWith("events/", StringComparison.Ordinal)).ToDictionary(one => one.Key, one => one.Value);

    (DigestChain Chain, DigestLedger Ledger) StartChain(Outbox outbox)
    {
        var chainFolder = ChainFolder.Open(folder.Join("integrity"), EnsureAlive, Assert.Fail);
        var context = new ChainContext(
            new("prod", "main", "cp-1", "agent"), "0.1.0", new() { IntervalSeconds = 5, IdleIntervalSeconds = 20, KeyRotationDays = 0 },
            () => new(new('1', 64), null, null), [Source], () => 0);
        return (new(context, chainFolder, outbox, time), chainFolder.Ledger);
    }

    DigestRunner StartDigests(DigestChain chain, DigestLedger ledger, Pipeline pipeline) => new(
        chain, ledger, new() { IntervalSeconds = 5, IdleIntervalSeconds = 20 },
        () => logging ? Recording.On : pipeline.View.State == SourceState.Stopped ? Recording.Off : Recording.Ending, metrics.Digests, time,
        NullLogger<DigestRunner>.Instance);

    // All that the process does to the disk passes here: from the one on that it does not live to see, nothing is written.
    void EnsureAlive()
    {
        if (writesLeft is { } left && (writesLeft = left - 1) <= 0)
        {
            throw new IOException("The process is dead.");
        }
    }

    void CrashBetweenWrites()
    {
        _ = Running;
        writesLeft = random.Next(1, 12);
        for (var step = random.Next(1, 8); step > 0; step--)
        {
            Running.Pipeline.TryTurn(logging);
            Running.Digests.Turn();
            time.Advance(TimeSpan.FromSeconds(random.Next(3)));
        }

        Crash();
    }

    void SettleDigests()
    {
        time.Advance(TimeSpan.FromMinutes(1));
        Running.Digests.Turn();
        Running.Deliver();
        Running.Digests.Finish(StopCause.Shutdown);
        Running.Deliver();
        var archive = DigestedArchive.Check(sink.Objects, isClockSet: true);
        var chain = Assert.Single(archive.Chains);
        Assert.Empty(archive.Problems);
        Assert.Equal(
            Batches.Keys.Order(StringComparer.Ordinal),
            chain.SelectMany(one => one.Digest.Objects).Select(one => one.Name).Order(StringComparer.Ordinal));
        Assert.All(chain, one => Assert.Empty(one.Digest.Lost));
        Assert.Empty(chain[^1].Digest.Waiting);
        Assert.Equal(StopCause.Shutdown, chain[^1].Digest.Stop);
    }
}
