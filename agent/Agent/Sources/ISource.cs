namespace ClusterTrail.Agent.Sources;

/// <summary>Where events come from. One thread reads it.</summary>
interface ISource : IDisposable
{
    /// <summary>How far it is behind, for people.</summary>
    SourceView View { get; }

    /// <summary>Finds where to start, so that its progress has it before anything is read.</summary>
    /// <exception cref="IOException">It cannot be read now; trying again later is right.</exception>
    void Begin();

    /// <summary>How far it was read, up to and including the last line given out; what it refers to is on disk.</summary>
    /// <exception cref="IOException">It could not be brought to disk.</exception>
    SourceProgress TakeProgress();

    /// <summary>Notes that this progress is on disk, and everything before it in the spool: what was kept for a crash may go.</summary>
    void NoteSaved(SourceProgress progress)
    {
    }

    /// <summary>Looks at what there is without reading it, now and then: what goes away unread meanwhile is known by its size.</summary>
    /// <returns>True when it found anything that its progress should have.</returns>
    bool Watch();

    /// <summary>Whether it holds back a line that its progress has already. Nothing may be committed meanwhile.</summary>
    bool IsHolding => false;

    /// <summary>Has the next read give out what is held back.</summary>
    void Release()
    {
    }

    /// <summary>Reads the next line; false when there is none for now.</summary>
    /// <exception cref="IOException">It cannot be read now; trying again later is right.</exception>
    bool TryRead(out SourceLine line);
}
