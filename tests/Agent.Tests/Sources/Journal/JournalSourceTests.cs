using System.Text;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Sources.Journal;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Journal;

public sealed class JournalSourceTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    EventJournal Journal() => new(folder.Join("journal"), 64 << 20, TimeProvider.System, () => { });

    static JournalSource Source(EventJournal journal, SourceProgress? from = null) => new(
        journal, from, 1 << 20, new(_ => Assert.Fail("a gap"), _ => { }, _ => { }), TimeProvider.System, () => null, () => null);

    static Task<JournalAnswer> StoreAsync(EventJournal journal, string line) =>
        journal.AppendAsync(GroupKey.Of(Encoding.UTF8.GetBytes(line)), Encoding.UTF8.GetBytes($"{line}\n"));

    [Fact]
    public async Task ASegmentThatCannotBeOpenedAtFirstIsReadWhenItCan()
    {
        using var journal = Journal();
        await StoreAsync(journal, """{"auditID":"a"}""");
        SourceProgress progress;
        using (var before = Source(journal))
        {
            before.Begin();
            Assert.Equal(["""{"auditID":"a"}"""], Read(before));
            progress = before.TakeProgress();
        }

        await StoreAsync(journal, """{"auditID":"b"}""");
        var path = journal.PathOf(journal.End.Segment);
        File.Move(path, $"{path}.aside");
        // It leads to itself: such a file is there, and cannot be opened.
        File.CreateSymbolicLink(path, path);
        using var source = Source(journal, progress);

        Assert.ThrowsAny<IOException>(source.Begin);
        Assert.ThrowsAny<IOException>(() => source.TryRead(out _));
        Assert.Same(progress, source.TakeProgress());
        Assert.Null(source.View.Missing);
        File.Delete(path);
        File.Move($"{path}.aside", path);

        Assert.Equal(["""{"auditID":"b"}"""], Read(source));
    }

    public void Dispose() => folder.Dispose();

    static List<string> Read(JournalSource source)
    {
        List<string> lines = [];
        while (source.TryRead(out var line))
            lines.Add(Encoding.UTF8.GetString(line.Text));
        return lines;
    }
}
