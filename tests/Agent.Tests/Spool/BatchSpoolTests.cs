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

        Assert.Equal([1, 2, 3], found.Select(batch => batch.Header.Sequence));
        Assert.Equal(SomeSpool.Content(2), BatchSpool.Read(found[1]));
        Assert.Equal(3, spool.Level.Batches);
        Assert.Equal(before.Level.Bytes, spool.Level.Bytes);
        Assert.Equal(3, Directory.EnumerateFiles(folder.Path).Count());
        Assert.Empty(quarantined);
    }

    [Fact]
    public void ADamagedHeaderIsSetAsideAndToldAndTheRestGoesOn()
    {
        var before = New();
        before.Add(sequence: 1);
        var damaged = before.Add(sequence: 2, "audit-2");
        before.Add(sequence: 3);
        File.WriteAllText(damaged.Path, "clustertrail spool 1 9");

        var found = Open(out _);

        Assert.Equal([1, 3], found.Select(batch => batch.Header.Sequence));
        Assert.Equal([("audit-2", damaged.Path)], quarantined);
        Assert.Single(Directory.EnumerateFiles(folder.Join("quarantine")));
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
        var spool = New(limit: 1500);
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
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Join("deep/spool")));
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

        Assert.Equal(SomeSpool.Content(3), BatchSpool.Read(spool.Add(sequence: 3)));
        Assert.Equal(2, spool.Level.Batches);
    }

    BatchSpool New(long limit = 1 << 20) => new(folder.Path, limit, time);

    IReadOnlyList<SpooledBatch> Open(out BatchSpool spool)
    {
        spool = New();
        return spool.Open((source, path, _) => quarantined.Add((source, path)));
    }
}
