using System.Diagnostics;
using System.Globalization;

namespace ClusterTrail.Agent.Tests.Sources;

/// <summary>Files that came and went while nobody looked, or that cannot be read.</summary>
public sealed class LogFollowerUnseenTests : IDisposable
{
    static readonly DateTimeOffset Start = new(2026, 11, 22, 5, 0, 0, TimeSpan.Zero);

    readonly DiskLog log = new();

    public void Dispose() => log.Dispose();

    // An outage of twelve rotations of which three are kept: away, frozen, or with a spool that is full.
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void AnOutageLongerThanTheRetentionIsAGap(bool isAway, bool isWatching)
    {
        log.Append(Event(0));
        Assert.NotEqual("", log.Read());
        if (isAway)
        {
            log.Restart();
        }

        for (var minute = 1; minute <= 12; minute++)
        {
            log.Rotate($"audit-{Start.AddMinutes(minute):yyyy-MM-ddTHH-mm-ss.fff}.log", Event(minute));
            foreach (var old in Directory.GetFiles(Path.GetDirectoryName(log.Live)!, "audit-*").Order().SkipLast(3))
            {
                File.Delete(old);
            }

            log.Time.Advance(TimeSpan.FromMinutes(1));
            if (isWatching && minute % 4 == 0)
            {
                log.Watch();
            }
        }

        Assert.NotEqual("", log.ReadSettled());
        Assert.NotEmpty(log.Gaps);
    }

    // SIGSTOP at the worst moment: the follower knows what the live name meant, and looks at nothing else before all is different.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatWasSeenBeforeAStopIsNotTakenForWhatIsThereAfterIt(bool isScanning)
    {
        log.Append(Event(0));
        Assert.NotEqual("", log.Read());
        log.Time.Advance(TimeSpan.FromSeconds(isScanning ? 11 : 1));
        log.AfterLook = () =>
        {
            for (var minute = 1; minute <= 12; minute++)
            {
                log.Rotate($"audit-{Start.AddMinutes(minute):yyyy-MM-ddTHH-mm-ss.fff}.log", Event(minute));
            }

            foreach (var old in Directory.GetFiles(Path.GetDirectoryName(log.Live)!, "audit-*").Order().SkipLast(3))
            {
                File.Delete(old);
            }

            log.Time.Advance(TimeSpan.FromMinutes(12));
        };

        Assert.NotEqual("", log.ReadSettled());

        Assert.NotEmpty(log.Gaps);
    }

    [Fact]
    public void RotationsWhileAwayThatAreAllKeptAreNoGap()
    {
        log.Append(Event(0));
        Assert.NotEqual("", log.Read());
        log.Restart();
        for (var minute = 1; minute <= 12; minute++)
        {
            log.Rotate($"audit-{Start.AddMinutes(minute):yyyy-MM-ddTHH-mm-ss.fff}.log", Event(minute));
        }

        Assert.Equal(12, log.ReadSettled().Split(' ').Length);
        Assert.Empty(log.Gaps);
    }

    [Fact]
    public void APipeNamedLikeASiblingKeepsNobodyWaiting()
    {
        using (var made = Process.Start("mkfifo", [log.Join("audit.log.1")]))
        {
            made.WaitForExit();
        }

        log.Append("a1\n");

        Assert.Equal("a1", log.ReadSettled());
        Assert.Contains("no regular file", Assert.Single(log.Unread));
    }

    [Fact]
    public void HolesOfManyGigabytesAreOneRecordEachAndCostNothing()
    {
        for (var file = 1; file <= 7; file++)
        {
            using var hole = new FileStream(log.Join(string.Create(CultureInfo.InvariantCulture, $"audit.log.{file}")), FileMode.Create);
            hole.SetLength(12L << 30);
            hole.Seek(0, SeekOrigin.End);
            hole.Write(System.Text.Encoding.UTF8.GetBytes($"{{\"n\":{file}}}\n"));
        }

        log.Append("live\n");
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;

        Assert.Equal("""{"n":7} {"n":6} {"n":5} {"n":4} {"n":3} {"n":2} {"n":1} live""", log.ReadSettled());
        Assert.Equal(Enumerable.Repeat(12L << 30, 7), log.Nuls);
        Assert.True(Process.GetCurrentProcess().TotalProcessorTime - cpu < TimeSpan.FromSeconds(60), "Eighty gigabytes of NULs were read.");
    }

    static string Event(int minute)
    {
        var time = Start.AddMinutes(minute);
        return string.Concat(Enumerable.Range(0, 1).Select(number =>
            $"{{\"kind\":\"Event\",\"auditID\":\"{minute}-{number}\",\"stageTimestamp\":\"{time:yyyy-MM-ddTHH:mm:ss.ffffffZ}\"}}\n"));
    }
}
