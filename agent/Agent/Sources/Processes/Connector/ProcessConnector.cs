using System.Collections.Concurrent;
using System.Text;
using ClusterTrail.Agent.Sources.Processes.Kernel;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent.Sources.Processes.Connector;

/// <summary>Learns of processes from the kernel's process connector, and of each what /proc still says.</summary>
/// <remarks>
/// A thread of its own reads /proc at once, as a process may be gone a moment later. Of one that is gone there remain its number, its
/// parent, and the control group that it was born into. Caveat: lost messages are of forks and exits too, so the count is an upper limit.
/// </remarks>
sealed class ProcessConnector : IProcessFeed
{
    const int MostWaiting = 20_000;

    static readonly TimeSpan LookForStop = TimeSpan.FromMilliseconds(500);

    readonly ConnectorSocket socket;
    readonly ProcFiles proc;
    readonly ProcessTable table = new();
    readonly ProcessRecordWriter writer = new();
    readonly BlockingCollection<byte[]> waiting = new(MostWaiting);
    readonly Dictionary<uint, uint> sequences = [];
    readonly Thread thread;
    byte[]? next;
    long lost;
    volatile bool stopping;

    /// <exception cref="KernelException">There is no connector here, or the agent may not use it.</exception>
    public ProcessConnector()
    {
        EnsureHostProcesses();
        proc = new(KernelLayout.ControllerOf(File.ReadAllText("/proc/self/cgroup")));
        socket = new(LookForStop);
        thread = new(Run) { IsBackground = true, Name = "process connector" };
        thread.Start();
    }

    public ProcessMethod Method => ProcessMethod.ProcessConnector;

    public long LostEvents => Interlocked.Read(ref lost);

    public bool Wait(TimeSpan atMost) => next is not null || waiting.TryTake(out next, atMost);

    public int Drain(KernelRecordHandler handler, int most)
    {
        var count = 0;
        while (count < most && (next is not null || waiting.TryTake(out next)))
        {
            handler(next);
            next = null;
            count++;
        }

        return count;
    }

    public void Dispose()
    {
        stopping = true;
        thread.Join();
        socket.Dispose();
        waiting.Dispose();
    }

    // The connector speaks to the node's own process namespace only, and /proc of another one has other processes.
    static void EnsureHostProcesses()
    {
        const string HostNamespace = "pid:[4026531836]";
        var link = new FileInfo("/proc/self/ns/pid").LinkTarget;
        if (link != HostNamespace)
        {
            throw new KernelException("the process connector works only in the node's process namespace (hostPID)");
        }
    }

    void Run()
    {
        var message = new byte[4096];
        while (!stopping)
        {
            var length = socket.Receive(message);
            // How many were lost the numbers of the next messages tell.
            if (length > 0 && ConnectorEvent.TryRead(message.AsSpan(0, length), out var read))
            {
                NoteSequence(read);
                Take(read);
            }
        }
    }

    void NoteSequence(ConnectorEvent read)
    {
        if (sequences.TryGetValue(read.Cpu, out var last))
        {
            // Numbers wrap, and a CPU that was away begins anew.
            var missing = unchecked(read.Sequence - last - 1);
            Interlocked.Add(ref lost, missing < int.MaxValue ? missing : 0);
        }

        sequences[read.Cpu] = read.Sequence;
    }

    void Take(ConnectorEvent read)
    {
        switch (read.Kind)
        {
            case ConnectorEventKind.Forked when read.Child != 0:
                table.Forked(read.Pid, read.Child);
                break;
            case ConnectorEventKind.Executed:
                if (!waiting.TryAdd(Describe(read)))
                {
                    Interlocked.Increment(ref lost);
                }

                break;
            case ConnectorEventKind.Exited:
                table.Exited(read.Pid);
                break;
        }
    }

    byte[] Describe(ConnectorEvent read)
    {
        var pid = read.Pid;
        // The most volatile first.
        var arguments = proc.Arguments(pid).ToArray();
        var executable = ProcFiles.Executable(pid);
        var known = table.Find(pid);
        var status = proc.Status(pid);
        var cgroup = CgroupOf(pid, known);
        var mounts = ProcFiles.Mounts(pid);
        var process = new KnownProcess(status?.Parent ?? known?.Parent ?? 0, status?.Command ?? known?.Command ?? [], cgroup);
        table.Executed(pid, process);

        var flags = arguments.Length == 0 ? ProcessFlags.ArgumentsUnreadable : ProcessFlags.None;
        flags |= executable?.EndsWith(" (deleted)", StringComparison.Ordinal) == true ? ProcessFlags.FileWithoutName : ProcessFlags.None;
        writer.Begin(pid, flags, (ulong)BootClock.Now(), 0, process.Command);
        writer.Rights(
            status?.Uid ?? 0, status?.Gid ?? 0, status?.EffectiveUid ?? 0, status?.EffectiveGid ?? 0, status?.Capabilities ?? 0);
        WriteAncestors(process.Parent);
        writer.FileName(UpToNul(arguments));
        writer.Path(Encoding.UTF8.GetBytes(executable ?? ""));
        writer.Cgroup(cgroup);
        WriteParentsPlace(process, mounts);
        writer.Arguments(arguments, arguments.Count(one => one == 0), arguments.Length);
        return writer.Written.ToArray();
    }

    // Of a process that ended /proc says nothing, or, before it was waited for, that it is in the root. Then its parent's counts: the
    // parent may have moved since it began, so /proc is asked before the table.
    byte[]? CgroupOf(uint pid, KnownProcess? known)
    {
        var own = proc.Cgroup(pid);
        return own is not (null or [(byte)'/']) || known is null ? own
            : proc.Cgroup(known.Parent) is { Length: > 1 } parents ? parents
            : known.Cgroup;
    }

    // Where the parent is now: a runtime's helper does not move after its child began.
    void WriteParentsPlace(KnownProcess process, ulong mounts)
    {
        writer.Mounts(mounts, ProcFiles.Mounts(process.Parent));
        var cgroup = proc.Cgroup(process.Parent) ?? table.Find(process.Parent)?.Cgroup;
        if (cgroup is not null && process.Cgroup is not null && !cgroup.AsSpan().SequenceEqual(process.Cgroup))
        {
            writer.ParentCgroup(cgroup);
        }
    }

    void WriteAncestors(uint parent)
    {
        for (var depth = 0; depth < ProcessRecord.MaxAncestors && parent != 0; depth++)
        {
            var process = table.Find(parent);
            if (process is null && proc.Status(parent) is { } status)
            {
                process = new(status.Parent, status.Command, proc.Cgroup(parent));
                table.Executed(parent, process);
            }

            writer.Ancestor(parent, 0, process?.Command);
            parent = process?.Parent ?? 0;
        }
    }

    static ReadOnlySpan<byte> UpToNul(ReadOnlySpan<byte> text) => text.IndexOf((byte)0) is >= 0 and var end ? text[..end] : text;
}
