using ClusterTrail.Agent.Sources;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources;

public sealed class FileLedgerTests
{
    static readonly FileId File = new(1, 2);

    readonly ManualTime time = new();
    readonly InMemoryLineStore lines = new();

    [Fact]
    public void FilesThatAreGoneTheirLinesAndGapsAreRememberedUpToALimit()
    {
        var ledger = New(SourceProgress.Empty);
        for (var file = 1UL; file <= 1100; file++)
        {
            Begin(ledger, new(file, 0), "0123456789"u8);
            ledger.AddGap(new(file, 0), 10, null, "Damaged");
        }

        ledger.TakeProgress();
        ledger.Compact(file => file.Id == new FileId(1, 0));

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
        var file = Begin(before, File, "0123456789"u8);
        (file.Name, file.FirstEvent, file.LastEvent) = ("audit.log.1", time.GetUtcNow(), time.GetUtcNow());
        var fork = before.Fork(file, 1, new("other"u8, 10, 16, null));
        before.AddGap(File, 3, 4, "Damaged");

        var after = New(before.TakeProgress());
        after.AddGap(File, 3, 4, "Damaged");

        Assert.Equal(before.TakeProgress().Files, after.TakeProgress().Files);
        Assert.Equal(10, after.Of(File)!.Offset);
        Assert.Equal(Proof.Of("0123456789"u8), after.Of(File)!.Proof);
        Assert.Equal([File, fork.Id], after.WithRoot(File).Select(one => one.Id));
        Assert.True(after.Of(fork.Id)!.Journal.BeginsAs(after.Of(File)!.Journal, 1));
        Assert.Single(after.TakeProgress().Gaps);
    }

    [Fact]
    public void LinesThatAreNotOnDiskAreKnownByTheirProofOnly()
    {
        var before = New(SourceProgress.Empty);
        Begin(before, File, "0123456789"u8);
        var progress = before.TakeProgress();
        lines.Remove(File);

        var file = New(progress).Of(File)!;

        Assert.Equal((10, 10, 0), (file.Base, file.Offset, file.Journal.Count));
        Assert.Equal(Proof.Of("0123456789"u8), file.BaseProof);
    }

    [Fact]
    public void OfAFileThatIsGoneUnreadNoOtherOneTakesTheIdentity()
    {
        var ledger = New(SourceProgress.Empty);
        var unread = ledger.Begin(File);
        ledger.Newest = unread.Id;

        ledger.Bury(unread);

        Assert.Null(ledger.Of(File));
        Assert.Empty(ledger.WithRoot(File));
        Assert.NotNull(ledger.Of(ledger.Newest!.Value));
    }

    static LedgerFile Begin(FileLedger ledger, FileId root, ReadOnlySpan<byte> text)
    {
        var file = ledger.Begin(root);
        file.Append(new(text.Length, root.High));
        file.Prove(text, null);
        return file;
    }

    FileLedger New(SourceProgress state) => new(state, lines, time);
}
