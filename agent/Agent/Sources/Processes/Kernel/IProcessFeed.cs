using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent.Sources.Processes.Kernel;

/// <summary>Where a node's execs come from. One thread reads it.</summary>
interface IProcessFeed : IDisposable
{
    ProcessMethod Method { get; }

    /// <summary>How many execs it could not hand over since it was made.</summary>
    long LostEvents { get; }

    /// <summary>Waits until there is something to read; false when nothing came in time.</summary>
    bool Wait(TimeSpan atMost);

    /// <summary>Hands out the records that are there, so many at most, each as <see cref="ProcessRecord"/> reads it.</summary>
    /// <returns>How many.</returns>
    int Drain(KernelRecordHandler handler, int most);
}
