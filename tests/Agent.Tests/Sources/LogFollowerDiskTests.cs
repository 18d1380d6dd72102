using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
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
    public void AGzipFileIsReadFromWhereThePlainOneWasLeft()
    {
        log.Append("a1\na2\na3\n");
        Assert.Equal("a1", log.ReadOne());
        log.Rotate(Rotated, "b1\n");
        log.Compress(Rotated);

        log.Restart();

        Assert.Equal("a2 a3 b1", log.ReadSettled());
        Assert.Empty(log.Gaps);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ADamagedGzipFileIsOneGapHoweverOftenItIsLookedAt(bool isCut)
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(number => $"{RandomNumberGenerator.GetHexString(8)}-{number}\n"));
        var gzip = DiskLog.Gzip(text);
        gzip.AsSpan(gzip.Length / 2, 40).Fill(0xff);
        File.WriteAllBytes(log.Join(Rotated + ".gz"), isCut ? gzip[..(gzip.Length / 2)] : gzip);
        log.Append("live\n");

        var read = log.ReadSettled();
        log.Restart();
        var again = log.ReadSettled();

        Assert.Contains("live", read);
        Assert.True(read.Split(' ').Length > 1000, "What is whole before the damage is read.");
        Assert.Equal("", again);
        Assert.Equal("Damaged", Assert.Single(log.Gaps).Reason);
        Assert.Equal(log.Gaps, log.Progress.Gaps);
    }

    [Fact]
    public void AGzipFileThatTellsNothingIsAGapUnlessThePlainOneIsThere()
    {
        File.WriteAllText(log.Join(Rotated + ".gz"), "this is no gzip file");
        File.WriteAllText(log.Join(RotatedLater + ".gz"), "nor is this");
        File.WriteAllText(log.Join(RotatedLater), "b1\n");
        log.Append("c1\n");

        Assert.Equal("b1 c1", log.ReadSettled());
        log.Restart();
        Assert.Equal("", log.ReadSettled());

        Assert.Equal("Damaged", Assert.Single(log.Gaps).Reason);
    }

    [Fact]
    public void AFolderThatAppearsLaterIsRead()
    {
        Directory.Delete(Path.GetDirectoryName(log.Live)!);
        Assert.Equal("", log.Read());
        Assert.False(log.View.Exists);

        Directory.CreateDirectory(Path.GetDirectoryName(log.Live)!);
        log.Append("a1\n");

        Assert.Equal("a1", log.Read());
    }

    [Fact]
    public void AFolderThatComesBackIsReadOnFromWhereItWasLeft()
    {
        log.Append("a1\na2\n");
        Assert.Equal("a1", log.ReadOne());
        var folder = Path.GetDirectoryName(log.Live)!;
        Directory.Move(folder, folder + ".away");
        log.Restart();
        Assert.Equal("", log.ReadSettled());

        Directory.Move(folder + ".away", folder);

        Assert.Equal("a2", log.ReadSettled());
    }

    [Fact]
    public void AFileOfMoreThanTwoGigabytesIsReadToItsEnd()
    {
        log.Append("first\n");
        using (var file = new FileStream(log.Live, FileMode.Open, FileAccess.Write))
        {
            file.SetLength(2_200_000_000);
        }

        log.Append("a\nb\n");

        Assert.Equal("first a b", log.Read());
        Assert.Equal(2_200_000_004, Assert.Single(log.Progress.Files).Offset);
    }

    [Fact]
    public void AFileThatVanishedUnreadIsAGapOfItsUnreadBytes()
    {
        log.Append("a1\na2\na3\n");
        Assert.Equal("a1", log.ReadOne());
        log.Rotate(Rotated, "b1\n");
        log.Restart();
        File.Delete(log.Join(Rotated));

        Assert.Equal("b1", log.ReadSettled());

        var gap = Assert.Single(log.Gaps);
        Assert.Equal((3, 6, "Vanished"), (gap.Offset, gap.Bytes, gap.Reason));
        Assert.Equal(log.Gaps, log.Progress.Gaps);
    }

    [Fact]
    public void AFileThatCannotBeOpenedIsReadWhenItCan()
    {
        Directory.CreateDirectory(log.Live);
        Assert.ThrowsAny<IOException>(() => log.Read());

        Directory.Delete(log.Live);
        log.Append("a1\n");

        Assert.Equal("a1", log.Read());
    }

    [Fact]
    public void ASiblingThatCannotBeReadKeepsNoOtherFromBeingRead()
    {
        File.WriteAllText(log.Join(RotatedLater), "b1\n");
        log.Append("c1\n");
        // Root may read whatever there is, but not what is no file.
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(log.Join(Rotated)));

        Assert.ThrowsAny<IOException>(() => log.Read());

        Assert.Equal(["b1", "c1"], [log.ReadOne(), log.ReadOne()]);
    }

    [Fact]
    public void FilesOfTheSameContentAreReadOnce()
    {
        log.Append("a1\na2\n");
        File.Copy(log.Live, log.Join(Rotated));
        File.Copy(log.Live, log.Join("audit.log.1"));

        Assert.Equal("a1 a2", log.ReadSettled());
    }

    [Fact]
    public void AForgedAuditIdHidesNothing()
    {
        const string Forged = "{\"auditID\":\"00000000-0000-0000-0000-000000000000\",\"at\":";
        log.Append($"{Forged}1}}\n{Forged}2}}\n");
        log.Rotate(Rotated, $"{Forged}3}}\n{Forged}2}}\n");

        Assert.Equal(4, log.ReadSettled().Split(' ').Length);
    }

    [Theory]
    [InlineData("audit-webhook.log")]
    [InlineData("audit.log.bak")]
    [InlineData("audit-policy.yaml")]
    [InlineData("audit.log.1.swp")]
    [InlineData("audit-2026-11-22.log")]
    public void AFileWithASimilarNameIsNoSibling(string name)
    {
        File.WriteAllText(log.Join(name), "no\n");
        log.Append("a1\n");

        Assert.Equal("a1", log.ReadSettled());
    }

    [Fact]
    public void BlankLinesAndHolesAreNoEvents()
    {
        log.Append("\n\0\0\0a1\n\n\r\na2\r\n\0\0a3\n");

        Assert.Equal(["a1", "a2", "a3"], log.Read().Split(' ').Select(line => line.Trim('\r')));
    }

    [Fact]
    public void OfALineOverTheLimitHashSizeAndHeadAreKept()
    {
        log.Configuration = log.Configuration with { MaxEventBytes = 10_000 };
        var line = string.Concat(Enumerable.Range(0, 200_000).Select(number => $"{number},"));
        log.Append("a1\n" + line[..500_000]);
        Assert.Equal("a1", log.Read());
        log.Append(line[500_000..] + "\na2\n");

        Assert.Equal($"{line[..4096]} a2", log.Read());

        var oversized = Assert.Single(log.Oversized);
        Assert.Equal(line.Length, oversized.Bytes);
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(line)), oversized.Sha256);
    }

    [Fact]
    public void ALineOverTheLimitAtTheEndOfARotatedFileIsKeptToo()
    {
        log.Configuration = log.Configuration with { MaxEventBytes = 10_000 };
        log.Append("a1\n" + new string('x', 700_000));
        Assert.Equal("a1", log.Read());
        log.Rotate(Rotated, "b1\n");

        Assert.Contains("b1", log.ReadSettled());

        Assert.Equal(700_000, Assert.Single(log.Oversized).Bytes);
    }

    [Theory]
    [InlineData(10_000, 0)]
    [InlineData(10_001, 1)]
    public void ALineOfExactlyTheLimitIsKeptWhole(int bytes, int oversized)
    {
        log.Configuration = log.Configuration with { MaxEventBytes = 10_000 };
        log.Append(new string('x', bytes) + "\n");

        Assert.Equal(oversized == 0 ? bytes : 4096, log.Read().Length);
        Assert.Equal(oversized, log.Oversized.Count);
    }

    void CopyTruncate(string copy)
    {
        File.Copy(log.Live, log.Join(copy));
        using var file = new FileStream(log.Live, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.SetLength(0);
    }

    [Fact]
    public void ADeletedLogThatWasReadIsNoGapHoweverLongNoneTakesItsPlace()
    {
        using var log = new DiskLog();
        log.Append("one\ntwo\n");
        Assert.Equal("one two", log.Read());

        File.Delete(log.Live);
        for (var round = 0; round < 10; round++)
        {
            log.Time.Advance(TimeSpan.FromSeconds(11));
            Assert.Equal("", log.Read());
        }

        Assert.Empty(log.Gaps);
        log.Append("three\n");
        Assert.Equal("three", log.ReadSettled());
        Assert.Empty(log.Gaps);
    }
}
