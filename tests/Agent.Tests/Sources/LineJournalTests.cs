using ClusterTrail.Agent.Sources;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Tests.Sources;

public sealed class LineJournalTests
{
    [Fact]
    public void OfAFileThatIsNotReadAnyMoreNothingStaysInMemory()
    {
        var journal = new LineJournal(new NoStore(), new FileId(1, 1), 0);
        for (var word = 0UL; word < 1000; word++)
        {
            journal.Add(new LineEntry(1, word));
        }

        journal.Flush();
        Assert.Equal(0, AllocatedToAdd(journal));
        journal.Flush();
        journal.Flush();
        Assert.InRange(AllocatedToAdd(journal), 1, 100);
        Assert.Equal(1002, journal.Count);
    }

    static long AllocatedToAdd(LineJournal journal)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        journal.Add(new LineEntry(1, 1));
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    sealed class NoStore : ILineStore
    {
        public ulong Seed => 1;

        public long Count(FileId file) => 0;

        public int Read(FileId file, long first, Span<ulong> words) => 0;

        public void Write(FileId file, long first, ReadOnlySpan<ulong> words)
        {
        }

        public void Remove(FileId file)
        {
        }

        public void RemoveAllBut(IReadOnlySet<FileId> files)
        {
        }
    }
}
