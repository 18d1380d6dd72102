using System.Text;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Sources.Journal;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Journal;

/// <summary>A journal with senders, a pipeline that commits now and then, and crashes; and what must follow.</summary>
sealed class JournalWorld(Random random, long maxBytes) : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly ManualTime time = new();
    readonly List<string> stored = [];
    readonly List<byte[]> unconfirmed = [];
    readonly List<(GroupKey Key, byte[] Lines)> sent = [];
    readonly List<string> committed = [];
    readonly List<string> read = [];
    EventJournal? journal;
    JournalSource? source;
    SourceProgress? saved;
    int number;

    public List<Gap> Gaps { get; } = [];

    public int Full { get; private set; }

    public void Act()
    {
        Start();
        switch (random.Next(10))
        {
            case < 4:
                Send(New());
                break;
            case 4:
                SendTogether();
                break;
            case 5 when sent.Count > 0:
                Repeat();
                break;
            case < 8:
                Read(random.Next(1, 40));
                break;
            case 8:
                Commit();
                break;
            default:
                Crash();
                break;
        }

        time.Advance(TimeSpan.FromSeconds(random.Next(3)));
    }

    public void Settle()
    {
        Start();
        Read(int.MaxValue);
        Commit();
        Assert.Equal(stored, committed);
        Assert.Empty(Gaps);
        Assert.True(journal!.Bytes <= maxBytes + (1 << 20), "The journal is beyond its limit.");
    }

    public void Dispose()
    {
        source?.Dispose();
        journal?.Dispose();
        folder.Dispose();
    }

    void Start()
    {
        if (journal is not null)
            return;
        journal = new(folder.Path, maxBytes, time, () => { });
        source = new(journal, saved, 1 << 20, new(Gaps.Add, _ => { }, _ => { }), time, () => null, () => null);
        source.Begin();
        read.Clear();
    }

    (GroupKey Key, byte[] Lines) New()
    {
        var text = new StringBuilder();
        for (var count = random.Next(1, 5); count > 0; count--)
            text.Append('{').Append(number++).Append(new string('x', random.Next(random.Next(10) == 0 ? 200_000 : 300))).Append("}\n");
        var lines = Encoding.UTF8.GetBytes(text.ToString());
        return (GroupKey.Of(lines), lines);
    }

    void Send((GroupKey Key, byte[] Lines) group) => Note(group, journal!.AppendAsync(group.Key, group.Lines).GetAwaiter().GetResult());

    void SendTogether()
    {
        List<(GroupKey Key, byte[] Lines)> groups = [.. Enumerable.Range(0, random.Next(2, 6)).Select(_ => New())];
        // A sender that gave up sends the same at the same time.
        var twice = journal!.AppendAsync(groups[0].Key, groups[0].Lines);
        var answers = groups.Select(group => journal.AppendAsync(group.Key, group.Lines)).ToList();
        Task.WhenAll([twice, .. answers]).GetAwaiter().GetResult();
        for (var at = 0; at < groups.Count; at++)
            Note(groups[at], at == 0 ? twice.Result : answers[at].Result);
        Assert.True(answers[0].Result is JournalAnswer.Known || twice.Result == JournalAnswer.Full);
    }

    void Note((GroupKey Key, byte[] Lines) group, JournalAnswer answer)
    {
        if (answer == JournalAnswer.Full)
        {
            Full++;
            return;
        }

        Assert.Equal(JournalAnswer.Stored, answer);
        sent.Add(group);
        stored.AddRange(Lines(group.Lines));
    }

    void Repeat()
    {
        // Within the window: there are no longer sequences.
        var (key, lines) = sent[random.Next(Math.Max(0, sent.Count - 20), sent.Count)];
        Assert.Equal(JournalAnswer.Known, journal!.AppendAsync(key, lines).GetAwaiter().GetResult());
    }

    void Read(int most)
    {
        while (most-- > 0 && source!.TryRead(out var line))
            read.Add(Encoding.UTF8.GetString(line.Text));
    }

    void Commit()
    {
        saved = source!.TakeProgress();
        committed.AddRange(read);
        read.Clear();
        source.NoteSaved(saved);
    }

    // What was being written is there in part, or is garbage of a power cut, or the next file has no first line.
    void Crash()
    {
        var end = journal!.End;
        source!.Dispose();
        journal.Dispose();
        (journal, source) = (null, null);
        var path = Path.Combine(folder.Path, JournalFolder.NameOf(end.Segment));
        var (key, lines) = New();
        byte[] whole = [.. lines, .. JournalLine.End(lines, time.GetUtcNow(), key)];
        unconfirmed.Add(lines);
        switch (random.Next(4))
        {
            case 0:
                Append(path, whole[..random.Next(whole.Length)]);
                break;
            case 1:
                Array.Clear(whole, random.Next(whole.Length), 1);
                whole.AsSpan(0, random.Next(lines.Length)).Clear();
                Append(path, whole);
                break;
            case 2:
                File.WriteAllBytes(
                    Path.Combine(folder.Path, JournalFolder.NameOf(end.Segment + 1)),
                    JournalLine.Header(end.Segment + 1, Guid.NewGuid())[..random.Next(20)]);
                break;
        }
    }

    static void Append(string path, byte[] bytes)
    {
        using var file = new FileStream(path, FileMode.Append);
        file.Write(bytes);
    }

    static string[] Lines(byte[] lines) => Encoding.UTF8.GetString(lines).Split('\n')[..^1];
}
