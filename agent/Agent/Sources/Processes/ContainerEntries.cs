using ClusterTrail.Agent.Sources.Processes.Kernel;

namespace ClusterTrail.Agent.Sources.Processes;

/// <summary>Knows which processes came into a container from outside.</summary>
/// <remarks>
/// A container runtime's own helper is in the container's control group before it is in its mount namespace: it has not entered yet.
/// A process that entered and executes something else is where it was. Caveat: the first process that is seen to come into a container
/// counts as its start, unless the container ran before the agent. Who enters only the namespaces of one that has executed nothing since the
/// agent started is not seen: nobody knows whose they are.
/// </remarks>
/// <param name="running">The ids of the containers that run now; none when nobody can say.</param>
/// <param name="since">When the agent started, in nanoseconds since the machine did: who began before has been where it is.</param>
sealed class ContainerEntries(RunningContainers containers, Func<IReadOnlyList<string>> running, ulong since)
{
    public const int MostRemembered = 65_536;

    // The oldest first.
    readonly OrderedDictionary<string, bool> started = new(
        running().Distinct().Take(MostRemembered).Select(id => KeyValuePair.Create(id, true)));
    readonly MountNamespaces mounts = new(running);
    readonly Dictionary<(uint Pid, ulong Began), ulong> entered = [];

    // Of the fallback nobody knows when a process began; its number is not another's that soon.
    static readonly ulong ReusedAfter = (ulong)TimeSpan.FromSeconds(30).TotalNanoseconds;

    /// <summary>Finds the container of a process, and how the process came into it.</summary>
    public ProcessEntry Find(in ProcessRecord record, out RunningContainer container)
    {
        var entry = FindEntry(record, out container);
        return entry == ProcessEntry.None || IsNew(record) ? entry : ProcessEntry.None;
    }

    ProcessEntry FindEntry(in ProcessRecord record, out RunningContainer container)
    {
        container = record.Flags.HasFlag(ProcessFlags.CgroupIncomplete) ? containers.Unknown : containers.Of(record.CgroupNames);
        return container.Container is { } known ? InControlGroup(record, ref container, known.Id) : InNamespaces(record, ref container);
    }

    ProcessEntry InControlGroup(in ProcessRecord record, ref RunningContainer container, string id)
    {
        if (!IsFromOutside(record, container))
        {
            return InOwnOrEntered(record, ref container, id);
        }

        if (HasParentsMounts(record))
        {
            return ProcessEntry.None;
        }

        if (containers.Of(record.ParentCgroupNames).Container is null)
        {
            mounts.NoteRuntime(record.ParentMounts);
        }

        var isStart = Remember(id);
        mounts.Learn(record.Mounts, container, isStart ? MountNamespaces.Evidence.Started : MountNamespaces.Evidence.Is);
        return isStart ? ProcessEntry.Started : ProcessEntry.Entered;
    }

    // It may also be in another container's mount namespace. It stays its own container's where nobody asks for the other's processes.
    ProcessEntry InOwnOrEntered(in ProcessRecord record, ref RunningContainer container, string id)
    {
        if (!HasParentsMounts(record) && mounts.OwnerOf(record.Mounts) is { } other && other.Id != id)
        {
            container = containers.IsWanted(other) ? other : container;
            return ProcessEntry.EnteredNamespaces;
        }

        mounts.Learn(
            record.Mounts, container, HasParentsMounts(record) ? MountNamespaces.Evidence.Is : MountNamespaces.Evidence.Came);
        return ProcessEntry.None;
    }

    // The node's own processes have the mount namespace of their parents, too; a container's is never theirs.
    ProcessEntry InNamespaces(in ProcessRecord record, ref RunningContainer container)
    {
        if (record.Mounts == 0)
        {
            return ProcessEntry.None;
        }

        if (mounts.OwnerOf(record.Mounts) is { } owner)
        {
            container = owner;
            return HasParentsMounts(record) ? ProcessEntry.None : ProcessEntry.EnteredNamespaces;
        }

        if (HasParentsMounts(record))
        {
            mounts.NoteNode(record.Mounts);
        }
        else
        {
            mounts.NoteEntered(record.Mounts);
        }

        return ProcessEntry.None;
    }

    // It may have executed something else since it entered, as scripts and wrappers do.
    bool IsNew(in ProcessRecord record)
    {
        if (record.Started != 0 && record.Started < since)
        {
            return false;
        }

        if (entered.Count >= MostRemembered)
        {
            entered.Clear();
        }

        var key = (record.Pid, record.Started);
        var isNew = !entered.TryGetValue(key, out var at) || (record.Started == 0 && record.Time - at > ReusedAfter);
        entered[key] = record.Time;
        return isNew;
    }

    bool IsFromOutside(in ProcessRecord record, RunningContainer container) =>
        record.ParentCgroupNames.Length > 0 && !record.Flags.HasFlag(ProcessFlags.ParentCgroupIncomplete)
        && containers.Of(record.ParentCgroupNames) != container;

    static bool HasParentsMounts(in ProcessRecord record) => record.Mounts != 0 && record.Mounts == record.ParentMounts;

    bool Remember(string id)
    {
        if (started.ContainsKey(id))
        {
            return false;
        }

        if (started.Count >= MostRemembered)
        {
            ForgetStopped();
        }

        // While there is no room, a start passes for an entry, which is seen, and never an entry for a start.
        return started.Count < MostRemembered && started.TryAdd(id, true);
    }

    // The kubelet has no link yet of a container that has just started, and never one of a pod's sandbox.
    void ForgetStopped()
    {
        var links = running().ToHashSet();
        if (links.Count == 0)
        {
            return;
        }

        var kept = started.Where((one, place) => place >= MostRemembered / 2 || links.Contains(one.Key)).ToList();
        started.Clear();
        foreach (var (id, _) in kept)
        {
            started.Add(id, true);
        }
    }
}
