namespace ClusterTrail.Agent.Sources.Processes;

/// <summary>Knows whose mount namespaces are: a container's, or the node's own.</summary>
/// <remarks>
/// A container's first namespace is never forgotten for its later ones, nor for those of another container: who makes namespaces without
/// end hides nobody who enters.
/// </remarks>
/// <param name="running">The ids of the containers that run now; none when nobody can say.</param>
sealed class MountNamespaces(Func<IReadOnlyList<string>> running)
{
    public const int Most = 65_536;

    /// <summary>How many are remembered of a container beside its first; of more, the newest.</summary>
    public const int MostOfContainer = 64;

    readonly Dictionary<ulong, (RunningContainer Container, Evidence Evidence)> owners = [];
    // The oldest first.
    readonly OrderedDictionary<string, (ulong First, Queue<ulong> Later)> ofContainers = [];
    readonly HashSet<ulong> ofNode = [];
    // Somebody came into them from elsewhere on the node: they are a service's own, or those of a container that is not known yet.
    readonly HashSet<ulong> entered = [];
    readonly Queue<ulong> enteredOrder = [];

    /// <summary>How sure it is that a namespace is a container's; more counts more.</summary>
    public enum Evidence
    {
        /// <summary>A process of the container came into it: it may be another's.</summary>
        Came,

        /// <summary>A process of the container was in it, as its parent was.</summary>
        Is,

        /// <summary>The container started with it.</summary>
        Started,
    }

    /// <summary>Whose it is; null of the node's, and of those that nobody knows.</summary>
    public RunningContainer? OwnerOf(ulong mounts) => owners.TryGetValue(mounts, out var owner) ? owner.Container : null;

    /// <summary>A process of a container has it.</summary>
    public void Learn(ulong mounts, RunningContainer container, Evidence evidence)
    {
        if (mounts == 0 || ofNode.Contains(mounts))
        {
            return;
        }

        var isKnown = owners.TryGetValue(mounts, out var owner);
        var isOther = isKnown && owner.Container.Id! != container.Id!;
        // Who came into a namespace is in it afterwards, with all its children.
        if (isKnown && (isOther ? evidence <= owner.Evidence : evidence < Evidence.Started))
        {
            return;
        }

        if (isOther)
        {
            Forget(mounts);
        }

        if (isKnown && !isOther)
        {
            owners[mounts] = (container, evidence);
        }
        else if (HasRoom())
        {
            owners[mounts] = (container, evidence);
            Keep(mounts, container.Id!, evidence);
        }
    }

    /// <summary>A process of the node has it, and its parent has another one.</summary>
    public void NoteEntered(ulong mounts)
    {
        if (ofNode.Contains(mounts) || !entered.Add(mounts))
        {
            return;
        }

        enteredOrder.Enqueue(mounts);
        if (enteredOrder.Count > Most)
        {
            entered.Remove(enteredOrder.Dequeue());
        }
    }

    /// <summary>A process of the node has it, as its parent has.</summary>
    public void NoteNode(ulong mounts)
    {
        if (!entered.Contains(mounts) && ofNode.Count < Most)
        {
            ofNode.Add(mounts);
        }
    }

    /// <summary>What brings processes into containers has it: a runtime, which is in the node's.</summary>
    public void NoteRuntime(ulong mounts)
    {
        if (mounts == 0 || (owners.TryGetValue(mounts, out var owner) && owner.Evidence == Evidence.Started))
        {
            return;
        }

        Forget(mounts);
        ofNode.Add(mounts);
    }

    void Keep(ulong mounts, string container, Evidence evidence)
    {
        if (!ofContainers.TryGetValue(container, out var kept))
        {
            ofContainers.Add(container, (mounts, []));
        }
        else if (evidence == Evidence.Started || kept.First == 0)
        {
            ofContainers[container] = kept with { First = mounts };
            Later(kept.Later, kept.First);
        }
        else
        {
            Later(kept.Later, mounts);
        }
    }

    void Later(Queue<ulong> later, ulong mounts)
    {
        later.Enqueue(mounts);
        if (later.Count > MostOfContainer)
        {
            owners.Remove(later.Dequeue());
        }
    }

    // Another's place in its own container's queue stays until it is the oldest there; then it must not take the new owner's away.
    void Forget(ulong mounts)
    {
        if (!owners.Remove(mounts, out var owner) || !ofContainers.TryGetValue(owner.Container.Id!, out var kept))
        {
            return;
        }

        ofContainers[owner.Container.Id!] =
            (kept.First == mounts ? 0 : kept.First, new(kept.Later.Where(one => one != mounts)));
    }

    bool HasRoom()
    {
        if (owners.Count >= Most)
        {
            ForgetStopped();
        }

        return owners.Count < Most;
    }

    // The kubelet has no link yet of a container that has just started.
    void ForgetStopped()
    {
        var links = running().ToHashSet();
        var half = ofContainers.Count / 2;
        var kept = ofContainers.Where((one, place) => place >= half || links.Contains(one.Key))
            .Where(one => one.Value.First != 0).Select(one => (one.Key, one.Value.First, Owner: owners[one.Value.First])).ToList();
        ofContainers.Clear();
        owners.Clear();
        foreach (var (id, first, owner) in kept)
        {
            owners[first] = owner;
            ofContainers.Add(id, (first, []));
        }
    }
}
