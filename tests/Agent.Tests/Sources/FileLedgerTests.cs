using ClusterTrail.Agent.Sources;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources;

public sealed class FileLedgerTests
{
    static readonly FileId File = new(1, 2);

    readonly ManualTime time = new();
    readonly InMemoryLineStore lines = new();
    readonly List<Gap> told = [];

    [Fact]
    public void AnUnfinishedFileIsLostOnlyWhenItStaysAway()
    {
        var ledger = New(SourceProgress.Empty);
        Begin(ledger, File, 10, 25);

        Compare(ledger);
        time.Advance(TimeSpan.FromSeconds(1));
        Compare(ledger, File);
        time.Advance(TimeSpan.FromSeconds(5));
        Compare(ledger);
        Assert.Empty(told);
        time.Advance(TimeSpan.FromSeconds(2));
        Compare(ledger);

        Assert.Equal([new(File.ToString(), 10, 15, "Vanished", time.GetUtcNow(), "Nothing of it was read.")], told);
        Assert.Equal(told, ledger.TakeProgress().Gaps);
        Assert.False(ledger.IsWaiting);
    }

    [Fact]
    public void WhatIsMissingIsLookedForAnewWhenThereWasNoLogAtAll()
    {
        var ledger = New(SourceProgress.Empty);
        Begin(ledger, File, 10, 25);
        Compare(ledger);
        Assert.True(ledger.IsWaiting);

        ledger.StopWaiting();
        Assert.False(ledger.IsWaiting);
        time.Advance(TimeSpan.FromSeconds(5));
        Compare(ledger);
        Assert.Empty(told);
        time.Advance(TimeSpan.FromSeconds(2));
        Compare(ledger);

        Assert.Single(told);
    }

    [Fact]
    public void AFileThatWasReadToItsEndMayGo()
    {
        var ledger = New(SourceProgress.Empty);
        Begin(ledger, File, 10, 10).IsFinished = true;

        for (var round = 0; round < 3; round++, time.Advance(TimeSpan.FromSeconds(5)))
            Compare(ledger);

        Assert.Empty(told);
    }

    [Fact]
    public void FilesThatAreGoneTheirLinesAndGapsAreRememberedUpToALimit()
    {
        var ledger = New(SourceProgress.Empty);
        for (var file = 1UL; file <= 1100; file++)
        {
            var begun = Begin(ledger, new(file, 0), 10, 10);
            begun.IsFinished = true;
            begun.Journal!.Add(new(10, file));
            ledger.AddGap(new(file, 0), 10, null, "Damaged");
        }

        ledger.TakeProgress();
        Compare(ledger, new FileId(1, 0));

        var progress = ledger.TakeProgress();
        Assert.Equal(257, progress.Files.Count);
        Assert.Equal(17, progress.Files.Count(file => file.Lines > 0));
        Assert.Equal(17, lines.Files.Count);
        Assert.Equal(1000, progress.Gaps.Count);
    }

    [Fact]
    public void WhatACheckpointKeptIsKnownAgain()
    {
        var before = New(SourceProgress.Empty);
        var file = Begin(before, File, 10, 25);
        file.Journal!.Add(new(10, 5));
        (file.Proof, file.Crc, file.Name) = (Proof.Of("0123456789"u8), 7, "audit.log.1");
        (file.FirstEvent, file.LastEvent) = (time.GetUtcNow(), time.GetUtcNow());
        before.Begin(new(5, 5), File).IsSkipped = true;
        before.AddGap(File, 3, 4, "Damaged");

        var after = New(before.TakeProgress());
        after.AddGap(File, 3, 4, "Damaged");

        Assert.Equal(before.TakeProgress().Files, after.TakeProgress().Files);
        Assert.Equal(10, after.Of(File)!.Offset);
        Assert.Equal(Proof.Of("0123456789"u8), after.Of(File)!.Proof);
        Assert.Equal([File, new(5, 5)], after.WithRoot(File).Select(one => one.Id));
        Assert.Single(after.TakeProgress().Gaps);
    }

    [Fact]
    public void LinesThatAreNotOnDiskAreNotKnown()
    {
        var ledger = New(new() { Files = [new(File.ToString(), 10, 10, false) { Lines = 1 }] });

        Assert.Null(ledger.Of(File)!.Journal);
    }

    static LedgerFile Begin(FileLedger ledger, FileId id, long offset, long length)
    {
        var file = ledger.Begin(id, id);
        (file.Offset, file.Length) = (offset, length);
        return file;
    }

    static void Compare(FileLedger ledger, params FileId[] there) => ledger.Compare(there.ToHashSet(), new HashSet<FileId>());

    FileLedger New(SourceProgress state) => new(state, lines, time, TimeSpan.FromSeconds(2)) { GapFound = told.Add };
}
