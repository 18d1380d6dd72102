using ClusterTrail.Agent.Spool;
using ClusterTrail.Agent.Tests.Sinks;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Spool;

public sealed class BatchSpoolTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly ManualTime time = new();
    readonly List<(string Source, string Path)> quarantined = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ARestartFindsTheBatchesInOrderAndRemovesWhatWasNotFinished()
    {
        var before = New();
        foreach (var sequence in new[] { 3, 1, 2 })
            before.Add(sequence);
        File.WriteAllText(folder.Join("apiserver-0000000004.batch.tmp"), "half");

        var found = Open(out var spool);

        Assert.Equal([1, 2, 3], found.Select(batch => batch.Sequence));
        Assert.Equal(SomeSpool.Content(2), spool.Read(found[1], new()).Content.ToArray());
        Assert.Equal(3, spool.Level.Batches);
        Assert.Equal(before.Level.Bytes, spool.Level.Bytes);
        Assert.Equal(3, Directory.EnumerateFiles(folder.Path).Count());
        Assert.Empty(quarantined);
    }

    [Fact]
    public void OfBatchesSealedAtOnceTheNumberTellsTheOrder()
    {
        var spool = New();
        foreach (var sequence in new[] { 12, 3, 200 })
            spool.Add(SomeSpool.Header(sequence, []) with { SealedAt = DateTimeOffset.UnixEpoch }, []);

        Assert.Equal([3, 12, 200], Open(out _).Select(batch => batch.Sequence));
    }

    [Fact]
    public void OnlyTheNewestBatchOfASourceKeepsItsProgress()
    {
        var spool = New();
        var batches = Enumerable.Range(1, 4).Select(sequence => spool.Add(sequence)).ToList();
        var other = spool.Add(sequence: 2, "audit-2");

        Assert.Equal([null, null, null, 400L], batches.Select(batch => SpoolFile.ReadEnd(batch.Path)?.Files[0].Offset));
        Assert.Equal(200, SpoolFile.ReadEnd(other.Path)!.Files[0].Offset);
        Assert.All(batches, batch => Assert.Equal(SomeSpool.Content(batch.Sequence), spool.Read(batch, new()).Content.ToArray()));
    }

    // 1,000 rotated siblings make a progress of 90 kB.
    [Fact]
    public void WhatABatchTakesDoesNotGrowWithTheLogsHistory()
    {
        var spool = New();
        var history = SomeSpool.Progress(1) with { Files = [.. Enumerable.Range(0, 1000).Select(at => SomeSpool.Progress(at).Files[0])] };
        for (var sequence = 1; sequence <= 20; sequence++)
            spool.Add(SomeSpool.Header(sequence, SomeSpool.Content(sequence)), SomeSpool.Content(sequence), history);

        var onDisk = Directory.EnumerateFiles(folder.Path).Sum(path => new FileInfo(path).Length);
        Assert.InRange(onDisk, 60_000, 20 * 1500 + 120_000);
        Assert.InRange(spool.Level.Bytes, onDisk, onDisk + (20 * 4096));
        Open(out var again);
        Assert.Equal(spool.Level.Bytes, again.Level.Bytes);
        Assert.Equal(1000, again.Newest("apiserver")!.Value.End!.Files.Count);
    }

    [Fact]
    public void WhatAnOlderAgentLeftIsReadToo()
    {
        var old = SomeSpool.AddOld(folder.Path, sequence: 4);
        File.SetLastWriteTimeUtc(old, DateTime.UnixEpoch.AddSeconds(4));

        Open(out var spool);
        var (newest, end) = spool.Newest("apiserver")!.Value;
        spool.Add(sequence: 5);

        Assert.Equal((4, 400), (newest.Sequence, end!.Files[0].Offset));
        Assert.Equal(SomeSpool.Content(4), spool.Read(newest, new()).Content.ToArray());
        Assert.Equal([4, 5], Open(out _).Select(batch => batch.Sequence));
    }

    [Theory]
    [InlineData("clustertrail spool 1 9")]
    [InlineData("")]
    public void ADamagedNewestBatchIsSetAsideAndToldAndTheOneBeforeIsTheNewest(string content)
    {
        var before = New();
        before.Add(sequence: 1);
        var damaged = before.Add(sequence: 2);
        File.WriteAllText(damaged.Path, content);

        Open(out var spool);

        Assert.Equal(1, spool.Newest("apiserver")!.Value.Batch.Sequence);
        Assert.Equal([("apiserver", damaged.Path)], quarantined);
        Assert.Single(Directory.EnumerateFiles(folder.Join("quarantine")));
        Assert.Equal(1, spool.Level.Batches);
    }

    [Theory]
    [InlineData("apiserver-.batch", "apiserver")]
    [InlineData("apiserver-0000000002.yesterday.batch", "apiserver")]
    [InlineData("stray.batch", "")]
    public void AFileWhoseNameSaysNothingIsSetAsideAndTold(string name, string source)
    {
        New().Add(sequence: 1);
        File.WriteAllText(folder.Join(name), "?");

        Assert.Single(Open(out _));
        Assert.Equal([(source, folder.Join(name))], quarantined);
    }

    [Fact]
    public void AFolderThatIsNotOursAnyMoreIsNotWrittenInto()
    {
        var spool = new BatchSpool(folder.Path, 1 << 20, time, () => throw new IOException("It is another agent's."));

        Assert.Throws<IOException>(() => spool.Add(sequence: 1));
        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }

    [Fact]
    public void ABatchThatIsSetAsideOrGoneCountsNoMore()
    {
        var spool = New();
        var first = spool.Add(sequence: 1);
        var second = spool.Add(sequence: 2);

        spool.Quarantine(first);
        File.Delete(second.Path);
        spool.Remove(second);
        spool.Remove(second);

        Assert.Equal((0, 0, TimeSpan.Zero), spool.Level);
        Assert.Single(Directory.EnumerateFiles(folder.Join("quarantine")));
    }

    [Fact]
    public void ItIsFullAtItsLimitUntilSomethingIsRemoved()
    {
        var spool = New(limit: 8000);
        var first = spool.Add(sequence: 1);
        Assert.False(spool.IsFull);
        spool.Add(sequence: 2);
        Assert.True(spool.IsFull);

        spool.Remove(first);

        Assert.False(spool.IsFull);
        Assert.Equal(time.GetUtcNow() - DateTimeOffset.UnixEpoch.AddSeconds(2), spool.Level.OldestAge);
    }

    [Fact]
    public void OnlyItsOwnerMayLookIntoIt()
    {
        var spool = new BatchSpool(folder.Join("deep/spool"), 1 << 20, time);
        var batch = spool.Add(sequence: 1);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(batch.Path));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Join("deep/spool")));
    }

    [Fact]
    public void AFullDiskRefusesABatchAndLeavesNothingHalf()
    {
        using var volume = SmallVolume.Mount(folder.Join("small"), "size=64k");
        var spool = new BatchSpool(Path.Combine(volume.Path, "spool"), 1 << 20, time);
        var first = spool.Add(sequence: 1);
        var big = new byte[100_000];

        Assert.ThrowsAny<IOException>(() => spool.Add(SomeSpool.Header(2, big), big));
        Assert.Equal([first.Path], Directory.EnumerateFiles(Path.Combine(volume.Path, "spool")));

        Assert.Equal(SomeSpool.Content(3), spool.Read(spool.Add(sequence: 3), new()).Content.ToArray());
        Assert.Equal(2, spool.Level.Batches);
    }

    BatchSpool New(long limit = 1 << 20) => new(folder.Path, limit, time);

    IReadOnlyList<SpooledBatch> Open(out BatchSpool spool)
    {
        spool = New();
        return spool.Open((source, path, _) => quarantined.Add((source, path)));
    }
}
