using ClusterTrail.Agent.Sources;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources;

public sealed class FileLedgerTests
{
    static readonly FileId File = new(1, 2);

    readonly ManualTime time = new();
    readonly List<Gap> told = [];

    [Fact]
    public void AnUnfinishedFileIsLostOnlyWhenItStaysAway()
    {
        var ledger = New(SourceProgress.Empty);
        ledger.Advance(File, 10, 25);

        ledger.Compare(new HashSet<FileId>());
        time.Advance(TimeSpan.FromSeconds(1));
        ledger.Compare(new HashSet<FileId> { File });
        time.Advance(TimeSpan.FromSeconds(5));
        ledger.Compare(new HashSet<FileId>());
        Assert.Empty(told);
        time.Advance(TimeSpan.FromSeconds(2));
        ledger.Compare(new HashSet<FileId>());

        Assert.Equal([new(File.ToString(), 10, 15, "Vanished", time.GetUtcNow())], told);
        Assert.Equal(told, ledger.Progress.Gaps);
        Assert.False(ledger.IsWaiting);
    }

    [Fact]
    public void WhatIsMissingIsLookedForAnewWhenThereWasNoLogAtAll()
    {
        var ledger = New(SourceProgress.Empty);
        ledger.Advance(File, 10, 25);
        ledger.Compare(new HashSet<FileId>());
        Assert.True(ledger.IsWaiting);

        ledger.StopWaiting();
        Assert.False(ledger.IsWaiting);
        time.Advance(TimeSpan.FromSeconds(5));
        ledger.Compare(new HashSet<FileId>());
        Assert.Empty(told);
        time.Advance(TimeSpan.FromSeconds(2));
        ledger.Compare(new HashSet<FileId>());

        Assert.Single(told);
    }

    [Fact]
    public void AFileThatWasReadToItsEndMayGo()
    {
        var ledger = New(SourceProgress.Empty);
        ledger.Finish(File, 10);

        for (var round = 0; round < 3; round++, time.Advance(TimeSpan.FromSeconds(5)))
            ledger.Compare(new HashSet<FileId>());

        Assert.Empty(told);
    }

    [Fact]
    public void FilesThatAreGoneAndGapsAreRememberedUpToALimit()
    {
        var ledger = New(SourceProgress.Empty);
        for (var file = 0UL; file < 1100; file++)
        {
            ledger.Finish(new(file, 0), 10);
            ledger.AddGap(new(file, 0), 10, null, "Damaged");
        }

        ledger.Compare(new HashSet<FileId>());

        Assert.Equal(256, ledger.Progress.Files.Count);
        Assert.Equal(1000, ledger.Progress.Gaps.Count);
    }

    [Fact]
    public void WhatACheckpointKeptIsKnownAgain()
    {
        var before = New(SourceProgress.Empty);
        before.Advance(File, 10, 25);
        before.AddGap(File, 3, 4, "Damaged");

        var after = New(before.Progress);
        after.AddGap(File, 3, 4, "Damaged");

        Assert.Equal(10, after.Of(File)!.Offset);
        Assert.Single(after.Progress.Gaps);
    }

    FileLedger New(SourceProgress state) => new(state, time, TimeSpan.FromSeconds(2)) { GapFound = told.Add };
}
