namespace ClusterTrail.Agent.Sources;

/// <summary>Where events come from. One thread reads it.</summary>
interface ISource : IDisposable
{
    /// <summary>How far it was read, up to and including the last line given out.</summary>
    SourceProgress Progress { get; }

    /// <summary>How far it is behind, for people.</summary>
    SourceView View { get; }

    /// <summary>Finds where to start, so that <see cref="Progress"/> tells it before anything is read.</summary>
    /// <exception cref="IOException">It cannot be read now; trying again later is right.</exception>
    void Begin();

    /// <summary>Reads the next line; false when there is none for now.</summary>
    /// <exception cref="IOException">It cannot be read now; trying again later is right.</exception>
    bool TryRead(out SourceLine line);
}
