using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources;

/// <summary>A log that is written and rotated, a follower that crashes, and the model they are held to.</summary>
sealed partial class FollowerWorld : IDisposable
{
    readonly Random random;
    readonly bool deletes;
    readonly ManualTime time = new();
    readonly RandomLog log;
    readonly InMemoryLineStore lines = new();
    readonly List<string> delivered = [];
    readonly List<string> sinceCheckpoint = [];
    readonly List<string> trace = [];
    SourceProgress? checkpoint;
    LogFollower? follower;

    public FollowerWorld(Random random, bool deletes)
    {
        (this.random, this.deletes) = (random, deletes);
        log = new(random, time, MakeLine);
    }

    public int Gaps { get; private set; }

    /// <summary>Does one thing at random.</summary>
    public void Act()
    {
        var action = random.Next(100);
        switch (action)
        {
            case < 30: log.Write(); break;
            case < 36: Do("part", log.WritePart); break;
            case < 60: Read(random.Next(1, 30)); break;
            case < 68: Checkpoint(); break;
            case < 71: Crash(); break;
            case < 72: Do("wrong path", LookAtTheWrongPath); break;
            case < 80: Do("rotate", log.Rotate); break;
            case < 84: Do("compress", log.Compress); break;
            case < 88: Do("remove", log.RemoveCompressed); break;
            case < 90: Do("copytruncate", log.CopyTruncate); break;
            case < 94: time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 4000))); break;
            case < 96: time.Advance(TimeSpan.FromSeconds(11)); break;
            case < 98 when deletes: Do("delete", log.DeleteOldest); break;
            case >= 98 when deletes: Do("delete live", log.DeleteLive); break;
        }
    }

    /// <summary>Lets everything settle, and checks the model.</summary>
    public void Settle()
    {
        log.CompletePart();
        for (var round = 0; round < 40; round++)
        {
            time.Advance(TimeSpan.FromSeconds(3));
            Read(int.MaxValue);
        }

        Checkpoint();
        var duplicates = delivered.GroupBy(line => line).Where(line => line.Count() > 1).Select(line => line.Key).ToList();
        Assert.True(duplicates.Count == 0, $"twice: {string.Join(' ', duplicates.Take(5))}");
        var there = log.Contents().SelectMany(file => LineNumber().Matches(file.Text)).Select(line => line.Value).ToHashSet();
        var lost = there.Except(delivered).ToList();
        Assert.True(lost.Count == 0, $"lost: {string.Join(' ', lost.Take(5))}");
        if (!deletes)
        {
            Assert.Equal(log.Written, delivered.Count);
            Assert.Equal(0, Gaps);
        }
    }

    /// <summary>All there is to know when something went wrong.</summary>
    public string Describe()
    {
        var contents = log.Contents().Select(file => $"{file.Name}: lines {string.Join(' ', LineNumber().Matches(file.Text).Select(line => line.Value))}");
        var progress = follower?.TakeProgress().Files.Select(file => file.ToString()) ?? [];
        return string.Join('\n', [.. trace, "", .. contents, .. progress]);
    }

    public void Dispose() => follower?.Dispose();

    string MakeLine(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{{\"line\":{number},\"at\":\"{time.GetUtcNow():O}\",\"pad\":\"{new string('x', random.Next(0, 40))}\"}}");

    void Do(string name, Action action)
    {
        action();
        trace.Add(name);
    }

    void Read(int most)
    {
        follower ??= new(
            log.Files, lines, new() { Path = "/audit.log", RotationQuietMilliseconds = 1000 }, checkpoint, new(_ => Gaps++, _ => { }, _ => { }), time);
        var read = 0;
        while (read < most && follower.TryRead(out var line))
        {
            sinceCheckpoint.Add(LineNumber().Match(Encoding.UTF8.GetString(line.Text)).Value);
            read++;
        }

        trace.Add($"read {read}");
    }

    void Checkpoint()
    {
        if (follower is not null)
        {
            checkpoint = follower.TakeProgress();
            delivered.AddRange(sinceCheckpoint);
            sinceCheckpoint.Clear();
            trace.Add("checkpoint");
        }
    }

    // An agent is started with a path at which there is no log, has time to wonder, keeps its progress, and is corrected.
    void LookAtTheWrongPath()
    {
        Crash();
        follower = new(
            new InMemoryLogFiles(), lines, new() { Path = "/typo.log", RotationQuietMilliseconds = 1000 }, checkpoint,
            new(_ => Assert.Fail("a gap where there is no log"), _ => { }, _ => { }), time);
        for (var look = random.Next(1, 6); look > 0; look--)
        {
            Read(1);
            time.Advance(TimeSpan.FromSeconds(random.Next(1, 12)));
        }

        Checkpoint();
        Crash();
    }

    void Crash()
    {
        follower?.Dispose();
        follower = null;
        sinceCheckpoint.Clear();
        trace.Add("crash");
    }

    [GeneratedRegex("(?<=\"line\":)[0-9]+")]
    private static partial Regex LineNumber();
}
