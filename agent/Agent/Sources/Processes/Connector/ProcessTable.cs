namespace ClusterTrail.Agent.Sources.Processes.Connector;

/// <summary>What is known of the node's processes, by what the kernel reports: who began whom, and what each executed.</summary>
/// <remarks>It is bounded: of too many processes those that were heard of first are forgotten.</remarks>
sealed class ProcessTable(int most = ProcessTable.Most)
{
    public const int Most = 65_536;

    readonly Dictionary<uint, KnownProcess> processes = [];
    readonly Queue<(uint Pid, KnownProcess Process)> byAge = [];

    public int Count => processes.Count;

    /// <summary>Null when nobody has heard of it.</summary>
    public KnownProcess? Find(uint pid) => processes.GetValueOrDefault(pid);

    /// <summary>A process began another, which is in its control group until somebody says otherwise.</summary>
    public void Forked(uint parent, uint child) =>
        Add(child, new(parent, processes.GetValueOrDefault(parent)?.Command ?? [], processes.GetValueOrDefault(parent)?.Cgroup));

    /// <summary>What was read of a process.</summary>
    public void Executed(uint pid, KnownProcess process) => Add(pid, process);

    public void Exited(uint pid) => processes.Remove(pid);

    /// <summary>The processes above one, its parent first.</summary>
    public IEnumerable<(uint Pid, KnownProcess? Process)> Above(uint pid, int atMost)
    {
        var parent = processes.GetValueOrDefault(pid)?.Parent ?? 0;
        for (var depth = 0; depth < atMost && parent != 0; depth++)
        {
            var process = processes.GetValueOrDefault(parent);
            yield return (parent, process);
            parent = process?.Parent ?? 0;
        }
    }

    void Add(uint pid, KnownProcess process)
    {
        processes[pid] = process;
        byAge.Enqueue((pid, process));
        // Whoever ended or executed something else meanwhile has an entry here that means nothing.
        while (byAge.Count > most)
        {
            var (oldest, entry) = byAge.Dequeue();
            if (ReferenceEquals(processes.GetValueOrDefault(oldest), entry))
            {
                processes.Remove(oldest);
            }
        }
    }
}
