using System.Net.Sockets;
using System.Security.Cryptography;

namespace ClusterTrail.Agent.Tests.Sources;

/// <summary>Files that are compressed, damaged, large, missing, unreadable, or hold odd lines.</summary>
public sealed class LogFollowerOddFilesTests : IDisposable
{
    const string Rotated = "audit-2026-11-22T05-00-00.000.log";
    const string RotatedLater = "audit-2026-11-22T06-00-00.000.log";

    readonly DiskLog log = new();

    public void Dispose() => log.Dispose();

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
        Assert.Equal(
            $"{log.Live} does not exist: there is no folder {Path.GetDirectoryName(log.Live)}. "
            + $"Give kube-apiserver --audit-log-path={log.Live} and an --audit-policy-file, or correct sources[].logFile.path.",
            log.View.Missing);

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
        Assert.Empty(log.Gaps);
    }

    [Fact]
    public void AFileOfMoreThanTwoGigabytesIsReadToItsEnd()
    {
        // In memory a hole is read twenty times as fast.
        using var log = new DiskLog("/dev/shm");
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
        Assert.Equal("", log.Read());
        Assert.Equal($"{log.Live} is a folder, and must be the log's file. Correct sources[].logFile.path.", log.View.Trouble);

        Directory.Delete(log.Live);
        log.Append("a1\n");

        Assert.Equal("a1", log.Read());
        Assert.Null(log.View.Trouble);
    }

    [Fact]
    public void ASiblingThatCannotBeReadKeepsNoOtherFromBeingRead()
    {
        File.WriteAllText(log.Join(RotatedLater), "b1\n");
        log.Append("c1\n");
        // Root may read whatever there is, but not what is no file.
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(log.Join(Rotated)));

        Assert.Equal("b1 c1", log.Read());

        Assert.Contains(Rotated, log.View.Notice);
        Assert.Contains(Rotated, Assert.Single(log.Unread));
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
    [InlineData("audit.log.1234567")]
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
        Assert.Equal([3, 2], log.Nuls);
    }

    [Fact]
    public void AFileWhoseNameIsNotUtf8IsNamed()
    {
        log.Append("a1\n");
        Shell($"printf 'b1\\n' > \"$(printf '{log.Join("audit.log-20260101")}\\377')\"");

        Assert.Equal("a1", log.Read());
        Assert.Contains("not UTF-8", log.View.Trouble, StringComparison.Ordinal);
        Shell($"rm {log.Join("audit.log-20260101")}*");
    }

    static void Shell(string script)
    {
        using var process = System.Diagnostics.Process.Start("sh", ["-c", script]);
        process.WaitForExit();
    }
}
