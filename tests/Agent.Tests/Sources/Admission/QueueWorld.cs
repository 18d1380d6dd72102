using System.Text;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Sources.Admission;
using ClusterTrail.Agent.Sources.Journal;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Admission;

/// <summary>A queue before a journal on a disk that fails now and then, and agents that are killed; and what must follow.</summary>
sealed class QueueWorld : IDisposable
{
    readonly TemporaryFolder root = new();
    readonly Random random;
    readonly HashSet<string> accepted = [];
    readonly List<string> read = [];
    readonly List<Gap> gaps = [];
    CancellationTokenSource stop = new();
    EventJournal? journal;
    AdmissionQueue? queue;
    JournalSource? source;
    Task? running;
    SourceProgress? saved;
    volatile bool isDiskFull;
    string folder;
    long refused;
    long full;
    int generation;
    int number;

    public QueueWorld(Random random)
    {
        this.random = random;
        folder = root.Join("0");
        Start();
    }

    public void Act()
    {
        switch (random.Next(12))
        {
            case < 5:
                Offer();
                break;
            case 5:
                Repeat();
                break;
            case 6:
                isDiskFull = !isDiskFull;
                break;
            case 7:
                Thread.Sleep(random.Next(3));
                break;
            case 8:
                Read();
                break;
            case 9:
                Kill();
                break;
            case 10:
                Stop();
                Start();
                break;
            default:
                queue!.Lose(LossReason.QueueFull);
                refused++;
                break;
        }
    }

    public void Settle()
    {
        isDiskFull = false;
        var until = DateTime.UtcNow.AddSeconds(30);
        do
        {
            Thread.Sleep(10);
            Read();
        }
        while ((queue!.Level.Events > 0 || Lost != gaps.Sum(Events)) && DateTime.UtcNow < until);
        Stop();
        Assert.Equal(read.Count, read.Distinct().Count());
        Assert.Empty(read.Except(accepted));
        Assert.Equal(refused, full);
        Assert.Equal(Lost, gaps.Sum(Events));
    }

    public void Dispose()
    {
        source?.Dispose();
        journal?.Dispose();
        stop.Dispose();
        root.Dispose();
    }

    long Lost => refused + accepted.Count - read.Count;

    static long Events(Gap gap) => long.Parse(gap.Detail!.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    void Start()
    {
        var wasFull = isDiskFull;
        isDiskFull = false;
        journal = new(folder, 64 << 20, TimeProvider.System, EnsureHeld, KnownGroups.Always);
        isDiskFull = wasFull;
        var held = new HeldReviews(Path.Combine(folder, "held"), journal.Knows);
        queue = new(journal, held, 4000, Count, TimeProvider.System);
        stop = new();
        running = Task.Run(() => queue.RunAsync(stop.Token));
        OpenSource();
    }

    void OpenSource()
    {
        source = new(journal!, saved, 1 << 20, new(gaps.Add, _ => { }, _ => { }), TimeProvider.System, () => null, () => null);
        source.Begin();
    }

    static GroupKey Key(string line) => GroupKey.Of(Encoding.UTF8.GetBytes(line));

    // The queue's thread counts the others.
    void Count(LossReason reason, long events)
    {
        if (reason == LossReason.QueueFull)
            full += events;
    }

    void EnsureHeld()
    {
        if (isDiskFull)
            throw new IOException("No space left on device");
    }

    void Offer()
    {
        for (var count = random.Next(1, 20); count > 0; count--)
        {
            var line = $"{{\"number\":{number++},\"a\":\"{new string('x', random.Next(300))}\"}}\n";
            if (queue!.Offer(Key(line), Encoding.UTF8.GetBytes(line)) == OfferAnswer.Accepted)
                accepted.Add(line.TrimEnd());
            else
                refused++;
        }
    }

    void Repeat()
    {
        if (read.Count > 0)
        {
            var line = read[random.Next(read.Count)] + "\n";
            Assert.Equal(OfferAnswer.Repeated, queue!.Offer(Key(line), Encoding.UTF8.GetBytes(line)));
        }
    }

    void Read()
    {
        while (source!.TryRead(out var line))
            read.Add(Encoding.UTF8.GetString(line.Text));
        saved = source.TakeProgress();
        source.NoteSaved(saved);
    }

    // What a SIGKILL leaves: the files as they are at one moment, in the midst of whatever is done.
    void Kill()
    {
        Read();
        var next = root.Join($"{++generation}");
        // While the journal is the same before and after, the other file is of a moment in which both were so.
        do
        {
            if (Directory.Exists(next))
                Directory.Delete(next, recursive: true);
            Directory.CreateDirectory(next);
            CopyJournal(next);
            File.Copy(Path.Combine(folder, "held"), Path.Combine(next, "held"));
        }
        while (!IsSameJournal(next));
        Abandon();
        folder = next;
        Start();
    }

    static IEnumerable<string> JournalFiles(string of) =>
        Directory.GetFiles(of).Where(file => Path.GetFileName(file) != "held" && !file.EndsWith(".tmp", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    void CopyJournal(string next)
    {
        foreach (var file in JournalFiles(folder))
        {
            if (File.Exists(file))
                File.Copy(file, Path.Combine(next, Path.GetFileName(file)));
        }
    }

    bool IsSameJournal(string next)
    {
        var (now, copied) = (JournalFiles(folder).ToList(), JournalFiles(next).ToList());
        return now.Select(Path.GetFileName).SequenceEqual(copied.Select(Path.GetFileName))
            && now.Zip(copied).All(pair => ReadAll(pair.First).AsSpan().SequenceEqual(File.ReadAllBytes(pair.Second)));
    }

    static byte[] ReadAll(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var content = new MemoryStream();
        file.CopyTo(content);
        return content.ToArray();
    }

    void Stop()
    {
        Read();
        var wasFull = isDiskFull;
        isDiskFull = false;
        End();
        isDiskFull = wasFull;
    }

    // The former agent goes on with its own files until it ends, which nobody reads.
    void Abandon()
    {
        var wasFull = isDiskFull;
        isDiskFull = false;
        End();
        isDiskFull = wasFull;
    }

    void End()
    {
        stop.Cancel();
        running!.GetAwaiter().GetResult();
        source!.Dispose();
        journal!.Dispose();
        queue!.Dispose();
        stop.Dispose();
        (source, journal) = (null, null);
    }
}
