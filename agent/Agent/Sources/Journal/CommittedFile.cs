namespace ClusterTrail.Agent.Sources.Journal;

/// <summary>A segment, as far as it is on disk for good.</summary>
sealed class CommittedFile(ILogFile file, long number, EventJournal journal) : ILogFile
{
    public FileNumber Number => file.Number;

    public long Length => journal.End is var end && end.Segment == number ? Math.Min(end.Length, file.Length) : file.Length;

    public int Read(Span<byte> buffer, long offset)
    {
        var most = Math.Max(0, Length - offset);
        return most == 0 ? 0 : file.Read(most < buffer.Length ? buffer[..(int)most] : buffer, offset);
    }

    public long NextData(long offset) => Math.Min(file.NextData(offset), Length);

    public void Dispose() => file.Dispose();
}
