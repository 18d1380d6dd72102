using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>The pods of the node that rules ask for, with their logs.</summary>
sealed class FollowedPods(
    PodLogFolder root, ContainersConfiguration configuration, PodVerdicts verdicts, ReadStates states, ContainerReader reader,
    FollowerReport report, TimeProvider time) : IDisposable
{
    // The operator remembers the labels of pods that are gone for less. Nobody will say of them any more.
    static readonly TimeSpan LongestHeld = TimeSpan.FromMinutes(15);

    readonly Dictionary<string, FollowedPod> pods = [];

    public IEnumerable<ContainerFolder> Folders => pods.Values.SelectMany(pod => pod.Containers);

    public IEnumerable<ContainerFile> Files => Folders.SelectMany(folder => folder.Files);

    /// <summary>Those that have something to read.</summary>
    public IEnumerable<ContainerFolder> Ready =>
        pods.Values.Where(pod => !pod.IsHeld).SelectMany(pod => pod.Containers).Where(folder => folder.Next() is not null);

    /// <summary>How many there are.</summary>
    public FollowedCount Count => new(
        pods.Values.Count(pod => pod.IsAsked), pods.Values.Count(pod => pod.IsHeld),
        pods.Count == 0 ? TimeSpan.Zero : pods.Values.Max(pod => pod.HeldFor));

    /// <summary>What is missing; null while the folder is there.</summary>
    public string? Missing { get; private set; }

    /// <summary>Which folder could not be looked at last time.</summary>
    public string? Trouble { get; private set; }

    /// <exception cref="IOException">The folder of all pods cannot be listed.</exception>
    public void Look()
    {
        Trouble = null;
        var found = root.List().Select(name => (Name: name, Pod: PodLogNames.ParsePod(name))).Where(one => one.Pod is not null)
            .ToDictionary(one => one.Name, one => one.Pod!.Value);
        Missing = found.Count > 0 || Directory.Exists(root.Path) ? null : $"{root.Path} does not exist. Mount the kubelet's folder there.";
        TakeChange(found);
        foreach (var (name, pod) in found.Where(one => !pods.ContainsKey(one.Key) && !verdicts.IsUnasked(one.Key)))
        {
            if (verdicts.Of(pod) is { Rules.Count: > 0 } asked)
            {
                pods.Add(name, new(root, name, pod, asked, states, time));
            }
            else
            {
                verdicts.NoteUnasked(name);
            }
        }

        var mayHold = Files.Count(file => file.Text is not null) <= configuration.MaxOpenFiles;
        foreach (var (name, pod) in pods.ToList())
        {
            LookAt(pod, found.ContainsKey(name), mayHold);
            Expire(name, pod);
            if (pod.IsOver)
            {
                pods.Remove(name);
            }
        }

        if (HeldLogs.Bound(Folders, configuration.MaxHeldBytes, configuration.MaxOpenFiles))
        {
            reader.Drop();
        }

        Forget(found);
        verdicts.Forget(found);
    }

    public void Dispose()
    {
        foreach (var pod in pods.Values)
        {
            pod.Dispose();
        }
    }

    void TakeChange(Dictionary<string, PodName> found)
    {
        var change = verdicts.TakeChange();
        if (change != VerdictChange.None)
        {
            foreach (var (name, pod) in pods.ToList())
            {
                // What was deleted since the last look is not yet known to be.
                LookAt(pod, found.ContainsKey(name), mayHold: true);

                // Rules that name a pod again may come; what labels decide is decided.
                Decide(name, pod, verdicts.Of(pod.Name), mayRest: change == VerdictChange.Rules);
            }
        }
    }

    // One folder that cannot be listed keeps no other one from being read.
    void LookAt(FollowedPod pod, bool exists, bool mayHold)
    {
        try
        {
            pod.Look(exists, mayHold);
        }
        catch (IOException e)
        {
            Trouble = e.Message;
            report.ReadFailed(e.Message);
        }
    }

    void Expire(string name, FollowedPod pod)
    {
        if (pod.IsHeld && pod.GoneFor >= LongestHeld)
        {
            report.ReadFailed(
                $"{root.Path}/{name}: the operator has not sent the labels of this pod, which is gone: "
                    + "rules with labels record nothing of it.");
            Decide(name, pod, verdicts.WithoutLabels(pod.Name), mayRest: false);
        }

        pod.EndRest(LongestHeld);
        RemoveUnasked(name, pod);
    }

    // A container's files keep their place: if it is asked for again, reading goes on there.
    void Decide(string name, FollowedPod pod, PodVerdict verdict, bool mayRest)
    {
        if (pod.Decide(verdict, mayRest))
        {
            reader.Drop();
        }

        RemoveUnasked(name, pod);
    }

    void RemoveUnasked(string name, FollowedPod pod)
    {
        if (!pod.IsAsked && pod.Containers.Count == 0)
        {
            pods.Remove(name);
            verdicts.NoteUnasked(name);
        }
    }

    void Forget(Dictionary<string, PodName> found)
    {
        var there = Files.Select(file => file.State).OfType<ReadState>().ToHashSet();
        var waiting = Folders.Where(folder => folder.Files.Any(file => file is { State: null, IsDone: false }))
            .Select(folder => $"{folder.Pod}/{folder.Container}/").ToHashSet();
        states.Forget(there, path =>
        {
            var pod = path[..path.IndexOf('/', StringComparison.Ordinal)];
            return (found.ContainsKey(pod) && !(pods.TryGetValue(pod, out var known) && known.Has(path)))
                || waiting.Contains(path[..(path.LastIndexOf('/') + 1)]);
        });
    }
}
