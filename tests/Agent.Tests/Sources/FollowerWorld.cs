using System.Globalization;
using System.Text;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources;

/// <summary>A log that is written and rotated, a follower that crashes, and the model they are held to.</summary>
sealed partial class FollowerWorld : IDisposable
{
    readonly Random random;
    readonly FollowerHazards hazards;
    readonly ManualTime time = new();
    readonly bool hasHeader;
    readonly RandomLog log;
    readonly InMemoryLineStore lines = new();
    readonly LineAccount account = new();
    readonly List<string> trace = [];
    SourceProgress? checkpoint;
    LogFollower? follower;

    public FollowerWorld(Random random, FollowerHazards hazards)
    {
        (this.random, this.hazards) = (random, hazards);
        hasHeader = Has(FollowerHazards.Forks) && random.Next(4) == 0;
        log = new(random, time, MakeLine, hasHeader ? "# audit log of kube-apiserver" : null, Has(FollowerHazards.LateWriters));
        // Where a source begins is kept before anything is read of it.
        log.Write();
        Follower.Begin();
        Checkpoint();
    }

    /// <summary>Does one thing at random.</summary>
    public void Act()
    {
        var action = random.Next(100);
        switch (action)
        {
            case < 28: Do("write", log.Write); break;
            case < 33: Do("part", log.WritePart); break;
            case < 55: Read(random.Next(1, 30)); break;
            case < 58: Watch(); break;
            case < 66: Checkpoint(); break;
            case < 69: Crash(); break;
            case < 70: Do("wrong path", LookAtTheWrongPath); break;
            case < 78: Do("rotate", log.Rotate); break;
            case < 81: Do("compress", log.Compress); break;
            case < 84: Do("remove", log.RemoveCompressed); break;
            case < 86: Do("copytruncate", log.CopyTruncate); break;
            case < 90: time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 4000))); break;
            case < 92: time.Advance(TimeSpan.FromSeconds(11)); break;
            default: ActOnHazard(); break;
        }
    }


    /// <summary>Lets everything settle, and checks the model.</summary>
    public void Settle()
    {
        // Whatever a power cut left without an end is ended by what is written next.
        log.Write();
        Heal();
        for (var round = 0; round < 40; round++)
        {
            time.Advance(TimeSpan.FromSeconds(3));
            Read(int.MaxValue);
        }

        Checkpoint();
        // A copy that does not begin with an event is said to be left unread.
        var told = log.Contents().Where(file => RandomLog.IsCopy(file.Name) && !LineAccount.IsEvent(file.Text.Split('\n')[0])).ToList();
        account.Excuse(told.SelectMany(file => LineAccount.NumbersIn(file.Text)));
        account.Check(log.Written, log.Contents().Except(told).SelectMany(file => LineAccount.NumbersIn(file.Text)));
        if (hazards == FollowerHazards.None)
        {
            Assert.Empty(account.Gaps);
        }
    }

    /// <summary>All there is to know when something went wrong.</summary>
    public string Describe()
    {
        var contents = log.Contents().Select(file => $"{file.Name}: lines {string.Join(' ', LineAccount.NumbersIn(file.Text))}");
        var progress = follower?.TakeProgress() ?? SourceProgress.Empty;
        return string.Join('\n', [.. trace, "", .. contents, .. progress.Files, .. progress.Seen, $"{follower?.View}"]);
    }

    public void Dispose() => follower?.Dispose();

    bool Has(FollowerHazards hazard) => hazards.HasFlag(hazard);

    // The event's time is its last field but for annotations, and every line is another one.
    string MakeLine(int number)
    {
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"level\":\"Metadata\",\"stage\":\"Panic\",\"line\":{number},\"pad\":\"{new string('x', random.Next(0, 40))}\",\"stageTimestamp\":\"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.ffffffZ}\"}}");
        account.NoteWritten(number, line);
        return line;
    }

    void Do(string name, Action action)
    {
        action();
        trace.Add($"{name} ({log.Written})");
    }

    LogFollower Follower => follower ??= new(
        log.Files, lines, new() { Path = "/audit.log", RotationQuietMilliseconds = 1000 }, checkpoint, new(NoteGap, _ => { }, _ => { }), time);

    void NoteGap(Gap gap)
    {
        account.Note(gap);
        trace.Add($"{gap}");
    }

    void Read(int most)
    {
        var read = new List<string>();
        while (read.Count < most && Follower.TryRead(out var line))
        {
            var text = Encoding.UTF8.GetString(line.Text);
            account.Read(text, line.Start);
            var numbers = string.Join('+', LineAccount.NumbersIn(text));
            read.Add(numbers.Length > 0 ? numbers : $"'{text[..Math.Min(text.Length, 40)]}'");
        }

        trace.Add($"read {string.Join(' ', read)}");
    }

    void Watch()
    {
        Follower.Watch();
        trace.Add("watch");
    }

    void Checkpoint()
    {
        if (follower is not null)
        {
            checkpoint = follower.TakeProgress();
            account.Keep();
            trace.Add($"checkpoint; seen {string.Join("; ", checkpoint.Seen.Select(seen => $"{seen.File[..6]} {seen.Offset}/{seen.Size} {seen.Name}"))}");
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
        account.Forget();
        trace.Add("crash");
    }
}
