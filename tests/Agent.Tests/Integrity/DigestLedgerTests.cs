using ClusterTrail.Agent.Integrity;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Integrity;

public sealed class DigestLedgerTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    bool isDiskFull;

    public void Dispose() => folder.Dispose();

    string Path => folder.Join("ledger");

    [Fact]
    public void WhatWasNotedIsThereAfterARestart()
    {
        using (var ledger = Open())
        {
            Assert.True(ledger.Seal(Batch(1), new() { Events = 5 }));
            ledger.Count("apiserver", new() { Events = 7, Gaps = [new("f", 1, null, "Unseen")] });
            ledger.Lose(new LostBatches("apiserver", 3, 3, LostBatches.Damaged));
            ledger.Lose(new LostDigest(9, LostBatches.Damaged));
        }

        using var again = Open();

        var entries = again.Oldest(10);
        Assert.Equal([1, 2, 3, 4], entries.Select(entry => entry.Number));
        Assert.Equal((Batch(1), 5), (entries[0].Sealed, entries[0].Counts!.Events));
        Assert.Equal(new DigestGap("f", 1, null, "Unseen"), entries[1].Counts!.Gaps.Single());
        Assert.Equal((3, 9), (entries[2].Lost!.From, entries[3].LostDigest!.Sequence));
    }

    [Fact]
    public void TheNewestBatchIsNotedOnceAlsoAfterARestartAndAfterItsDigest()
    {
        using (var ledger = Open())
        {
            Assert.True(ledger.Seal(Batch(1), PeriodCounts.None));
            Assert.False(ledger.Seal(Batch(1), PeriodCounts.None));
        }

        using (var ledger = Open())
        {
            Assert.False(ledger.Seal(Batch(1), PeriodCounts.None));
            ledger.Forget(1);
        }

        using var after = Open(through: 1, new() { ["apiserver"] = Batch(1).Sha256 });
        Assert.False(after.Seal(Batch(1), PeriodCounts.None));
        Assert.True(after.Seal(Batch(2), PeriodCounts.None));
        Assert.Equal(2, after.Oldest(10).Single().Number);
    }

    [Fact]
    public void WhatADigestSaidIsSkippedThoughTheFileStillHasIt()
    {
        using (var ledger = Open())
        {
            ledger.Seal(Batch(1), PeriodCounts.None);
            ledger.Seal(Batch(2), PeriodCounts.None);
        }

        using var again = Open(through: 1);

        Assert.Equal([2], again.Oldest(10).Select(entry => entry.Sealed!.Sequence));
    }

    [Fact]
    public void ATornLineIsSkippedAndWhatFollowsIsRead()
    {
        using (var ledger = Open())
        {
            ledger.Seal(Batch(1), PeriodCounts.None);
            ledger.Seal(Batch(2), PeriodCounts.None);
        }

        var whole = File.ReadAllBytes(Path);
        for (var length = 0; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(Path, whole[..length]);
            using (var torn = Open())
            {
                torn.Seal(Batch(3), PeriodCounts.None);
            }

            using var again = Open();
            var read = again.Oldest(10).Select(entry => entry.Sealed!.Sequence).ToList();
            Assert.Equal(3, read[^1]);
            Assert.Equal(Enumerable.Range(1, read.Count - 1).Select(number => (long)number), read.SkipLast(1));
        }
    }

    [Fact]
    public void AFullDiskRefusesABatchAndTakesItLater()
    {
        using var ledger = Open();
        isDiskFull = true;
        Assert.Throws<IOException>(() => ledger.Seal(Batch(1), PeriodCounts.None));
        Assert.Throws<IOException>(() => ledger.Seal(Batch(1), PeriodCounts.None));
        isDiskFull = false;

        Assert.True(ledger.Seal(Batch(1), PeriodCounts.None));

        Assert.Equal((1, 1), (ledger.Oldest(10).Single().Number, ledger.Oldest(10).Count));
    }

    [Fact]
    public void ALossOnAFullDiskIsWrittenWithWhatComesNext()
    {
        using (var ledger = Open())
        {
            isDiskFull = true;
            Assert.Throws<IOException>(() => ledger.Lose(new LostBatches("apiserver", 7, 7, LostBatches.Damaged)));
            Assert.Throws<IOException>(() => ledger.Lose(new LostBatches("apiserver", 7, 7, LostBatches.Damaged)));
            Assert.Throws<IOException>(() => ledger.Oldest(10));
            isDiskFull = false;
            ledger.Seal(Batch(1), PeriodCounts.None);
        }

        using var again = Open();

        Assert.Equal([7, null], again.Oldest(10).Select(entry => entry.Lost?.From));
    }

    [Fact]
    public void OfTooManyTheOldestAreForgotten()
    {
        using var ledger = Open();
        isDiskFull = true;
        for (var number = 1; number <= 20_003; number++)
        {
            var lost = new LostDigest(number, LostBatches.Damaged);
            Assert.Throws<IOException>(() => ledger.Lose(lost));
        }

        isDiskFull = false;

        Assert.True(ledger.HasMany);
        Assert.Equal((20_000, 4), (ledger.Oldest(int.MaxValue).Count, ledger.Oldest(1)[0].LostDigest!.Sequence));
    }

    [Fact]
    public void AForgottenLedgerTakesNoSpace()
    {
        using var ledger = Open();
        ledger.Seal(Batch(1), PeriodCounts.None);
        ledger.Forget(1);

        Assert.Equal(0, new FileInfo(Path).Length);
        Assert.False(ledger.HasNews);
    }

    DigestLedger Open(long through = 0, Dictionary<string, string>? named = null) =>
        new(new(Path, () => _ = isDiskFull ? throw new IOException("No space left on device") : 0), through, named ?? []);

    static DigestObject Batch(long sequence) => new()
    {
        Name = $"events/{sequence}",
        Sha256 = $"{sequence:x64}",
        Bytes = 10,
        Records = 1,
        Source = "apiserver",
        Sequence = sequence,
        FirstEventTime = DateTimeOffset.UnixEpoch,
        LastEventTime = DateTimeOffset.UnixEpoch,
        FirstPosition = "a:1",
        LastPosition = "a:2",
    };
}
