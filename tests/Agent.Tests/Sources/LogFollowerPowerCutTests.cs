using System.Globalization;

namespace ClusterTrail.Agent.Tests.Sources;

/// <summary>Files that are no longer what was read of them: cut, copied, or with the same beginning as others.</summary>
public sealed class LogFollowerPowerCutTests : IDisposable
{
    const string Rotated = "audit-2026-11-22T05-00-00.000.log";

    readonly DiskLog log = new();

    public void Dispose() => log.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatIsWrittenAfterACutIsReadAndNothingTwice(bool isStopped)
    {
        log.Append(Lines(1, 20));
        Assert.Equal(Numbers(1, 20), log.Read());

        if (isStopped)
        {
            log.Restart();
        }

        Cut(log.Live, Lines(1, 10).Length);
        log.Append(Lines(21, 40));

        Assert.Equal(Numbers(21, 40), log.ReadSettled());
        Assert.Empty(log.Gaps);
    }

    // What ext4 and xfs leave of a log that was in the page cache: any length, its end perhaps as NULs.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(40, 0)]
    [InlineData(101, 7)]
    [InlineData(400, 120)]
    [InlineData(1000, 1000)]
    public void OfWhateverAPowerCutLeavesEveryLineIsReadOnce(int kept, int nuls)
    {
        log.Append(Lines(1, 250));
        Assert.Equal(Numbers(1, 250), log.Read());
        log.Restart();
        Cut(log.Live, kept);
        using (var file = new FileStream(log.Live, FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(kept + nuls);
        }

        log.Append("\n" + Lines(251, 300));

        Assert.EndsWith(Numbers(251, 300), log.ReadSettled());
        // Of nothing, nobody can say what it was.
        Assert.Equal(kept < "line-1\n".Length ? 1 : 0, log.Gaps.Count);
    }

    [Fact]
    public void WhileTheLinesThatWereReadCannotBeComparedNothingIsReadTwice()
    {
        log.Append("a1\na2\na3\n");
        Assert.Equal("a1 a2 a3", log.ReadSettled());
        log.Restart();
        var lines = Directory.EnumerateFiles(log.Join("../lines")).Single(path => !path.EndsWith("seed", StringComparison.Ordinal));
        File.Move(lines, lines + ".away");
        // Root may read whatever there is, but not what is no file.
        Directory.CreateDirectory(lines);
        File.WriteAllText(log.Live, "a1\na2\nb1\nb2\n");
        Assert.Equal("", log.Read());

        Directory.Delete(lines);
        File.Move(lines + ".away", lines);

        Assert.Equal("b1 b2", log.ReadSettled());
        Assert.Empty(log.Gaps);
    }

    [Fact]
    public void WhatWasSeenAndIsCutBeforeItWasReadIsAGap()
    {
        log.Append(Lines(1, 20));
        Assert.Equal("line-1", log.ReadOne());
        log.Restart();
        Cut(log.Live, Lines(1, 5).Length);
        log.Append(Lines(21, 22));

        Assert.Equal("line-2 line-3 line-4 line-5 line-21 line-22", log.ReadSettled());
        Assert.Equal((Lines(1, 1).Length, "Vanished"), (Assert.Single(log.Gaps).Offset, log.Gaps[0].Reason));
    }

    [Fact]
    public void AShorterCopyDoesNotHideTheLongerLog()
    {
        log.Append(Lines(1, 20));
        Assert.Equal(Numbers(1, 20), log.Read());
        log.Restart();
        File.Copy(log.Live, log.Join("audit.log-20260101"));
        log.Append(Lines(21, 60));
        log.Rotate(Rotated, "line-61\n");

        Assert.Equal(Numbers(21, 61), log.ReadSettled());
        Assert.Empty(log.Gaps);
    }

    [Theory]
    [InlineData(5, "")]
    [InlineData(90, "a1")]
    public void ACopyThatPausesWithinALineRepeatsNoOtherLine(int seconds, string begun)
    {
        var text = string.Concat(Enumerable.Range(1, 20).Select(number => $"a{number}\n"));
        log.Append(text);
        Assert.Equal(20, log.ReadSettled().Split(' ').Length);
        var half = text.IndexOf("a10", StringComparison.Ordinal) + 2;
        var read = "";
        File.WriteAllText(log.Join("audit.log.1"), text[..half]);
        log.Time.Advance(TimeSpan.FromSeconds(11));
        read += log.Read();
        log.Time.Advance(TimeSpan.FromSeconds(seconds));
        read += log.Read();

        DiskLog.AppendTo(log.Join("audit.log.1"), text[half..]);

        Assert.Equal(begun, read + log.ReadSettled());
        Assert.Empty(log.Gaps);
    }

    [Fact]
    public void ACopyThatIsWrittenOnSharesNothingTwice()
    {
        log.Append(Lines(1, 10));
        Assert.Equal(Numbers(1, 5), string.Join(' ', Enumerable.Range(0, 5).Select(_ => log.ReadOne())));
        File.Copy(log.Live, log.Join("audit.log.1"));
        DiskLog.AppendTo(log.Join("audit.log.1"), Lines(11, 15));
        log.Append(Lines(16, 20));

        Assert.Equal(Set(6, 20), log.ReadSettled().Split(' ').ToHashSet());
        Assert.Empty(log.Gaps);
    }

    [Fact]
    public void LogsThatBeginWithTheSameHeaderAreReadEach()
    {
        const string Header = "# audit log of kube-apiserver\n";
        File.WriteAllText(log.Join("audit.log.2"), Header + Lines(1, 8));
        File.WriteAllText(log.Join("audit.log.1"), Header + Lines(9, 18));
        log.Append(Header + Lines(19, 26));

        var read = log.ReadSettled();
        log.Restart();

        Assert.Equal(Set(1, 26), read.Split(' ').Where(word => word.StartsWith("line", StringComparison.Ordinal)).ToHashSet());
        Assert.Equal("", log.ReadSettled());
        Assert.Empty(log.Gaps);
    }

    [Fact]
    public void ALateWriterIsReadWhateverBecameOfItsFile()
    {
        log.Append(Lines(1, 10));
        Assert.Equal(Numbers(1, 10), log.Read());
        using var writer = new FileStream(log.Live, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        log.Rotate(Rotated, Lines(21, 30));
        Assert.Equal(Numbers(21, 30), log.ReadSettled());
        log.Compress(Rotated);
        log.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("", log.Read());

        writer.Write(System.Text.Encoding.UTF8.GetBytes(Lines(11, 20)));
        writer.Flush();

        Assert.Equal(Numbers(11, 20), log.ReadSettled());
        Assert.Empty(log.Gaps);
    }

    static void Cut(string path, int length)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(length);
    }

    static string Lines(int first, int last) => string.Concat(Enumerable.Range(first, last - first + 1).Select(number => $"{Name(number)}\n"));

    static string Numbers(int first, int last) => string.Join(' ', Enumerable.Range(first, last - first + 1).Select(Name));

    static HashSet<string> Set(int first, int last) => [.. Enumerable.Range(first, last - first + 1).Select(Name)];

    static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"line-{number}");
}
