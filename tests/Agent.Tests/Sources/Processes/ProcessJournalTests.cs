using System.Text;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Sources.Processes;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Processes;

public sealed class ProcessJournalTests : IDisposable
{
    const long Limit = 8 << 10;

    readonly TemporaryFolder folder = new();
    readonly ManualTime time = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ItIsReadLikeALog()
    {
        using var journal = New();
        using var follower = Follower([]);
        journal.Append("{\"a\":1}\n{\"a\":2}\n"u8);
        follower.Begin();

        Assert.Equal(["{\"a\":1}", "{\"a\":2}"], ReadAll(follower));
        journal.Append("{\"a\":3}\n"u8);
        Assert.Equal(["{\"a\":3}"], ReadAll(follower));
    }

    [Fact]
    public void ThroughRotationsEveryLineIsReadOnce()
    {
        using var journal = New();
        using var follower = Follower([]);
        journal.Append([]);
        follower.Begin();
        var read = new List<string>();
        for (var at = 0; at < 500; at++)
        {
            journal.Append(Encoding.UTF8.GetBytes($"{{\"number\":{at},\"text\":\"{new string('x', 100)}\"}}\n"));
            time.Advance(TimeSpan.FromMilliseconds(100));
            if (at % 3 == 0)
            {
                read.AddRange(ReadAll(follower));
            }
        }

        read.AddRange(ReadAll(follower));
        Assert.Equal(Enumerable.Range(0, 500), read.Select(line => int.Parse(line[10..line.IndexOf(',', StringComparison.Ordinal)], null)));
    }

    [Fact]
    public void ItStaysWithinItsLimitAndWhatGoesAwayUnreadIsAGap()
    {
        using var journal = New();
        var gaps = new List<Gap>();
        using var follower = Follower(gaps);
        journal.Append("{\"first\":1}\n"u8);
        follower.Begin();
        ReadAll(follower);
        follower.TakeProgress();

        for (var at = 0; at < 500; at++)
        {
            journal.Append(Encoding.UTF8.GetBytes($"{{\"number\":{at},\"text\":\"{new string('x', 100)}\"}}\n"));
            time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(Directory.GetFiles(folder.Path, "processes*.log").Sum(file => new FileInfo(file).Length), Limit / 2, Limit);
        time.Advance(TimeSpan.FromMinutes(2));
        var read = ReadAll(follower);
        follower.Watch();
        read.AddRange(ReadAll(follower));
        Assert.InRange(read.Count, 20, 100);
        Assert.NotEmpty(gaps);
    }

    [Fact]
    public void ALineThatACrashTornIsEnded()
    {
        File.WriteAllText(folder.Join("processes.log"), "{\"a\":1}\n{\"a\":");

        using (var journal = New())
        {
            journal.Append("{\"a\":3}\n"u8);
        }

        Assert.Equal("{\"a\":1}\n{\"a\":\n{\"a\":3}\n", File.ReadAllText(folder.Join("processes.log")));
    }

    [Fact]
    public void TwoRotationsInOneMillisecondHaveTwoNames()
    {
        using var journal = New();
        for (var at = 0; at < 4; at++)
        {
            journal.Append(Encoding.UTF8.GetBytes(new string('x', 900) + "\n"));
        }

        Assert.Equal(4, Directory.GetFiles(folder.Path, "processes*.log").Length);
    }

    ProcessJournal New() => new(folder.Path, Limit, time, () => { });

    LogFollower Follower(List<Gap> gaps)
    {
        var log = ProcessJournal.Log(folder.Path);
        return new(new DiskLogFiles(log), new InMemoryLineStore(), log, null, new(gaps.Add, _ => { }, _ => { }), time);
    }

    static List<string> ReadAll(LogFollower follower)
    {
        var lines = new List<string>();
        while (follower.TryRead(out var line))
        {
            lines.Add(Encoding.UTF8.GetString(line.Text));
        }

        return lines;
    }
}
