namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>A pod that rules ask for, with the containers that they ask for.</summary>
sealed class FollowedPod(PodLogFolder root, string folder, PodName pod, PodVerdict verdict, ReadStates states, TimeProvider time)
    : IDisposable
{
    readonly List<ContainerFolder> containers = [];
    PodVerdict verdict = verdict;
    long? goneSince;
    long decidedAt = time.GetTimestamp();
    long heldSince = time.GetTimestamp();

    public PodName Name => pod;

    /// <summary>Also such that no rule asks for any more, whose deleted logs are still held.</summary>
    public IReadOnlyList<ContainerFolder> Containers => containers;

    /// <summary>Whether any rule is for it.</summary>
    public bool IsAsked => verdict.Rules.Count > 0;

    /// <summary>Whether its logs are held open, and not read until it is known whether they are asked for.</summary>
    public bool IsHeld => verdict.IsUndecided;

    /// <summary>For how long it has been held; zero if it is not.</summary>
    public TimeSpan HeldFor => IsHeld ? time.GetElapsedTime(heldSince) : TimeSpan.Zero;

    /// <summary>Whether it is gone and read to its end.</summary>
    public bool IsOver => goneSince is not null && containers.TrueForAll(container => container.IsEmpty);

    /// <summary>Since when it is gone; null while it is there.</summary>
    public TimeSpan? GoneFor => goneSince is { } since ? time.GetElapsedTime(since) : null;

    /// <summary>Whether the log is one of a container that a rule is for.</summary>
    public bool Has(string path) => containers.Exists(container => container.IsAsked
        && path.StartsWith($"{folder}/{container.Container}/", StringComparison.Ordinal));

    /// <summary>Takes up another verdict. What is held open of containers that are asked for stays open.</summary>
    /// <param name="mayRest">Whether deleted logs of containers that are not asked for any more stay open for a while too.</param>
    /// <returns>Whether a container is not asked for any more.</returns>
    public bool Decide(PodVerdict now, bool mayRest)
    {
        // Others' labels came, and not its own: it waits on.
        heldSince = IsHeld ? heldSince : time.GetTimestamp();
        (verdict, decidedAt) = (now, time.GetTimestamp());
        var askedBefore = containers.FindAll(container => container.IsAsked);
        containers.ForEach(container => container.Identity.Rules = RulesFor(container.Container));
        foreach (var container in containers.Where(container => !container.IsAsked))
        {
            container.CloseAll(butDeleted: mayRest);
        }

        RemoveUnasked();
        return askedBefore.Exists(container => !container.IsAsked);
    }

    /// <summary>Closes what is held of containers that no rule has asked for since so long ago.</summary>
    public void EndRest(TimeSpan longest)
    {
        if (time.GetElapsedTime(decidedAt) >= longest)
        {
            foreach (var container in containers.Where(container => !container.IsAsked))
            {
                container.CloseAll(butDeleted: false);
            }
        }

        RemoveUnasked();
    }

    /// <param name="mayHold">Whether logs that are read may stay open.</param>
    public void Look(bool exists, bool mayHold)
    {
        goneSince = exists ? null : goneSince ?? time.GetTimestamp();
        foreach (var name in exists ? root.List(folder) : [])
        {
            if (PodLogNames.IsContainer(name) && !containers.Exists(known => known.Container == name) && RulesFor(name) is [_, ..] asked)
            {
                containers.Add(new(root, folder, name, new(pod.Namespace, pod.Pod, pod.Uid, name, asked), states, time));
            }
        }

        foreach (var container in containers.Where(container => container.IsAsked))
        {
            container.Look(exists, mayHold);
        }
    }

    public void Dispose() => containers.ForEach(container => container.Dispose());

    void RemoveUnasked() => containers.RemoveAll(container => !container.IsAsked && container.IsEmpty);

    List<OutputRule> RulesFor(string container) => [.. verdict.Rules.Where(rule => rule.IsForContainer(container))];
}
