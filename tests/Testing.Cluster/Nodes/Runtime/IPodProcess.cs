namespace ClusterTrail.Testing.Nodes;

/// <summary>A container's process. Disposing of it kills it, if it still runs.</summary>
public interface IPodProcess : IAsyncDisposable
{
    /// <summary>How it ended; nothing while it runs.</summary>
    PodExit? Exit { get; }

    /// <summary>What it has printed.</summary>
    string Output { get; }

    /// <summary>Changes the files of its volumes, those of each volume in one step.</summary>
    void Refresh(IReadOnlyList<PodVolume> volumes);

    /// <summary>SIGTERM.</summary>
    void Terminate();

    /// <summary>SIGKILL.</summary>
    void Kill();

    /// <summary>Ends it from within, as the test says.</summary>
    void Crash(PodExit exit);

    /// <summary>Makes it unreachable from other nodes. It runs on.</summary>
    Task CutAsync();

    Task MendAsync();
}
