using ClusterTrail.Agent.Sources.Processes.Kernel;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent.Tests.Sources.Processes;

/// <summary>Processes as a test wants them.</summary>
sealed class InMemoryProcessFeed : IProcessFeed
{
    readonly Queue<byte[]> records = [];

    public ProcessMethod Method => ProcessMethod.KernelProgram;

    public long LostEvents { get; set; }

    public bool Wait(TimeSpan atMost) => records.Count > 0;

    public void Add(byte[] record) => records.Enqueue(record);

    public int Drain(KernelRecordHandler handler, int most)
    {
        var count = 0;
        while (count < most && records.TryDequeue(out var record))
        {
            handler(record);
            count++;
        }

        return count;
    }

    public void Dispose()
    {
    }
}
