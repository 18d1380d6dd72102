namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>A pod that rules ask for, with the containers that they ask for.</summary>
sealed class FollowedPod(
    PodLogFolder root, string folder, PodName pod, IReadOnlyList<OutputRule> rules, ReadStates states, TimeProvider time)
{
    readonly List<ContainerFolder> containers = [];
    bool isThere = true;

    public IReadOnlyList<ContainerFolder> Containers => containers;

    /// <summary>Whether it is gone and read to its end.</summary>
    public bool IsOver => !isThere && containers.TrueForAll(container => container.IsEmpty);

    /// <summary>Whether the log is one of a container that is followed.</summary>
    public bool Has(string path) => containers.Exists(container =>
        path.StartsWith($"{folder}/{container.Container}/", StringComparison.Ordinal));

    /// <param name="mayHold">Whether logs that are read may stay open.</param>
    public void Look(bool exists, bool mayHold)
    {
        isThere = exists;
        foreach (var name in exists ? root.List(folder) : [])
        {
            if (PodLogNames.IsContainer(name) && !containers.Exists(known => known.Container == name)
                && rules.Where(rule => rule.IsForContainer(name)).ToList() is [_, ..] asked)
            {
                containers.Add(new(root, folder, name, new(pod.Namespace, pod.Pod, pod.Uid, name, asked), states, time));
            }
        }

        containers.ForEach(container => container.Look(exists, mayHold));
    }
}
