using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>Where what is remembered of lines outlives the process: a list of words for each file.</summary>
interface ILineStore
{
    /// <summary>The seed of the hashes: one for the life of the store.</summary>
    ulong Seed { get; }

    /// <summary>How many words of a file there are.</summary>
    long Count(FileId file);

    /// <summary>Reads words from this one on; fewer when there are no more.</summary>
    int Read(FileId file, long first, Span<ulong> words);

    /// <summary>Writes words from this one on, in place of all that were there. They are on disk when it returns.</summary>
    /// <exception cref="IOException">They may not be.</exception>
    void Write(FileId file, long first, ReadOnlySpan<ulong> words);

    /// <summary>Forgets a file.</summary>
    void Remove(FileId file);

    /// <summary>Forgets all files but these.</summary>
    void RemoveAllBut(IReadOnlySet<FileId> files);
}
