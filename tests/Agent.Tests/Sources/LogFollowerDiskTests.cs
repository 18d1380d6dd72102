using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Tests.Sources;

public sealed class LogFollowerDiskTests : IDisposable
{
    const string Rotated = "audit-2026-11-22T05-00-00.000.log";
    const string RotatedLater = "audit-2026-11-22T06-00-00.000.log";

    readonly DiskLog log = new();

    public void Dispose() => log.Dispose();

    [Fact]
    public void StartingAtTheBeginningReadsRotatedSiblingsOldestFirst()
    {
        File.WriteAllBytes(log.Join(Rotated + ".gz"), DiskLog.Gzip("a1\na2\n"));
        File.WriteAllText(log.Join(RotatedLater), "b1\n");
        log.Append("c1\n");

        Assert.Equal("a1 a2 b1 c1", log.Read());
        Assert.Equal("", log.ReadSettled());
    }

    [Fact]
    public void StartingAtTheEndSkipsWhatIsThereAndReadsTheLineThatIsBeingWritten()
    {
        log.Configuration = log.Configuration with { StartAt = StartAt.End };
        File.WriteAllText(log.Join(Rotated), "old\n");
        File.WriteAllBytes(log.Join("audit-2026-11-22T04-00-00.000.log.gz"), DiskLog.Gzip("older\n"));
        log.Append("before\nhal");
        Assert.Equal("", log.Read());

        log.Append("f\nafter\n");

        Assert.Equal("half after", log.ReadSettled());
    }

    [Fact]
    public void ARenamedFileIsReadToItsEndAndItsSuccessorFromItsBeginning()
    {
        log.Append("a1\na2\n");
        Assert.Equal("a1", log.ReadOne());

        log.Rotate(Rotated, "b1\n");

        Assert.Equal("a2 b1", log.ReadSettled());
        Assert.Empty(log.Gaps);
    }

    [Fact]
    public void SeveralRotationsWhileAwayAreCaughtUp()
    {
        log.Append("a1\n");
        Assert.Equal("a1", log.Read());
        log.Append("a2\n");
        log.Rotate("audit-2026-11-22T03-00-00.000.log", "b1\n");
        log.Rotate("audit-2026-11-22T04-00-00.000.log", "c1\n");
        log.Rotate(Rotated, "d1\n");
        log.Compress("audit-2026-11-22T03-00-00.000.log");

        log.Restart();

        Assert.Equal("a2 b1 c1 d1", log.ReadSettled());
        Assert.Empty(log.Gaps);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ACopyIsReadWhereTheTruncatedFileWasLeft(bool isGzip)
    {
        log.Append("a1\na2\n");
        Assert.Equal("a1", log.ReadOne());
        log.Append("a3\n");
        File.WriteAllBytes(log.Join("audit.log.1" + (isGzip ? ".gz" : "")), isGzip ? DiskLog.Gzip("a1\na2\na3\n") : "a1\na2\na3\n"u8);

        File.WriteAllText(log.Live, "");
        log.Append("b1-is-longer-than-all-that-was-before\n");

        Assert.Equal(["a2", "a3", "b1-is-longer-than-all-that-was-before"], log.ReadSettled().Split(' ').Order(StringComparer.Ordinal));
        Assert.Empty(log.Gaps);
    }

    [Fact]
    public void ATruncationWithoutACopyIsAGap()
    {
        log.Append("a1\na2\n");
        Assert.Equal("a1", log.ReadOne());
        Assert.Equal(3, Assert.Single(log.Progress.Files).Offset);

        File.WriteAllText(log.Live, "");
        log.Append("b1\n");

        Assert.EndsWith("b1", log.ReadSettled());
        Assert.Equal("Vanished", Assert.Single(log.Gaps).Reason);
        Assert.Equal(log.Gaps, log.Progress.Gaps);
    }

    [Fact]
    public void AContentThatGrewToTheSameLengthIsAnother()
    {
        log.Append("a1\n");
        Assert.Equal("a1", log.Read());

        File.WriteAllText(log.Live, "b1\n");

        Assert.Equal("b1", log.ReadSettled());
    }

    // A writer without O_APPEND goes on behind a hole as long as what was truncated; lumberjack opens new files so.
    [Fact]
    public void TruncationsUnderAWriterWithoutAppendLoseNothingThatWasCopied()
    {
        using var writer = new FileStream(log.Live, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        writer.Write("a1\n"u8);
        Assert.Equal("a1", log.Read());
        CopyTruncate("audit.log.2");
        writer.Write("b1\n"u8);
        Assert.Equal("b1", log.ReadSettled());
        writer.Write("b2\n"u8);
        CopyTruncate("audit.log.1");

        writer.Write("c1\n"u8);

        Assert.Equal(["b2", "c1"], log.ReadSettled().Split(' ').Order());
        Assert.Empty(log.Gaps);
    }

    [Fact]
    public void WhatIsWrittenToADeletedFileIsReadUntilItIsRecreated()
    {
        using var writer = new FileStream(log.Live, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        writer.Write("a1\n"u8);
        Assert.Equal("a1", log.Read());

        File.Delete(log.Live);
        writer.Write("a2\n"u8);
        Assert.Equal("a2", log.Read());
        writer.Write("a3\n"u8);
        log.Append("b1\n");

        Assert.Equal("a3 b1", log.ReadSettled());
        Assert.Empty(log.Gaps);
    }

    [Fact]
    public void APartialLastLineIsCompletedLater()
    {
        log.Append("a1\na");
        Assert.Equal("a1", log.ReadSettled());

        log.Append("2\n");

        Assert.Equal("a2", log.Read());
    }

    [Fact]
    public void APartialLastLineOfARotatedFileIsTakenWhenItStaysSo()
    {
        log.Append("a1\na2");
        Assert.Equal("a1", log.Read());

        log.Rotate(Rotated, "b1\n");

        Assert.Equal("b1", log.Read());
        Assert.Equal("a2", log.ReadSettled());
        Assert.Equal("", log.ReadSettled());
    }

    [Fact]
    public void ADeletedLogThatWasReadIsNoGapHoweverLongNoneTakesItsPlace()
    {
        log.Append("one\ntwo\n");
        Assert.Equal("one two", log.Read());

        File.Delete(log.Live);
        for (var round = 0; round < 100; round++)
        {
            log.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal("", log.Read());
        }

        Assert.Empty(log.Gaps);
        log.Append("three\n");
        Assert.Equal("three", log.ReadSettled());
        Assert.Empty(log.Gaps);
    }

    void CopyTruncate(string copy)
    {
        File.Copy(log.Live, log.Join(copy));
        using var file = new FileStream(log.Live, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.SetLength(0);
    }
}
