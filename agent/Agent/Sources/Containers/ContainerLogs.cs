using ClusterTrail.Contract;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>Follows what containers of the node write, through restarts, rotation, compression and the end of their pods.</summary>
/// <remarks>
/// Guarantees: each line of a log that was seen is given out once, whatever it is called by then; a log of a pod that no rule names is not
/// opened; what goes away unread is a gap. Caveats: a pod that came and went between two looks, or while no agent ran, is not known; a line
/// in pieces across a rotation is two.
/// </remarks>
sealed class ContainerLogs : ISource
{
    // The operator remembers the labels of pods that are gone for less. Nobody will say of them any more.
    static readonly TimeSpan LongestHeld = TimeSpan.FromMinutes(15);

    readonly PodLogFolder root;
    readonly ContainersConfiguration configuration;
    readonly PodVerdicts verdicts;
    readonly Func<string?> problem;
    readonly TimeProvider time;
    readonly TimeSpan interval;
    readonly FollowerReport report;
    readonly ReadStates states;
    readonly ContainerReader reader;
    readonly Dictionary<string, FollowedPod> pods = [];
    Queue<ContainerFolder> busy = new();
    Queue<ContainerFolder> read = new();
    long? lookedAt;
    string? missing;
    string? trouble;
    Position? last;

    /// <param name="rules">What is asked for now; another list when it changed.</param>
    /// <param name="problem">Why it is not what the file of rules says; null if it is.</param>
    /// <param name="labels">The labels of pods that are known now; another object when they changed. By default none.</param>
    public ContainerLogs(
        ContainersConfiguration configuration, Func<IReadOnlyList<OutputRule>> rules, Func<string?> problem, SourceProgress? state,
        FollowerReport report, TimeProvider time, Func<KnownLabels>? labels = null)
    {
        (this.configuration, this.problem, this.report, this.time) = (configuration, problem, report, time);
        verdicts = new(rules, labels ?? (() => KnownLabels.None));
        root = new(configuration.Path);
        interval = TimeSpan.FromMilliseconds(configuration.PollIntervalMilliseconds);
        states = new(state ?? SourceProgress.Empty, configuration.MaxLineBytes, report.GapFound, time);
        reader = new(configuration.MaxLineBytes);
    }

    IEnumerable<ContainerFolder> Folders => pods.Values.SelectMany(pod => pod.Containers);

    IEnumerable<ContainerFile> Files => Folders.SelectMany(folder => folder.Files);

    /// <summary>How many pods are followed, and of how many nobody has said yet whether they are to be; for other threads.</summary>
    public FollowedCount Pods { get; private set; } = new(0, 0);

    public SourceView View => new(
        missing, trouble, problem() ?? Folders.Select(folder => folder.Trouble).OfType<string>().FirstOrDefault(), last, Files.Sum(Lag));

    public void Begin() => Look();

    public SourceProgress TakeProgress() => states.ToProgress();

    public bool Watch()
    {
        TryLook();
        return states.TakeNews();
    }

    public bool TryRead(out SourceLine line)
    {
        while (!reader.TryTake(out line))
        {
            if (!TryBeginNext())
            {
                return false;
            }
        }

        last = line.Start;
        return true;
    }

    public void Dispose()
    {
        foreach (var folder in Folders)
        {
            folder.Dispose();
        }
    }

    static long Lag(ContainerFile file) =>
        file.State is { } state && state.Holder == file && !file.Name.IsCompressed ? Math.Max(0, state.Size - state.Offset) : 0;

    // A block of each that has something, in turn.
    bool TryBeginNext()
    {
        TryLook();
        for (var turn = 0; turn < 2; turn++)
        {
            while (busy.TryDequeue(out var folder))
            {
                if (folder.Next() is { } file && TryBegin(folder, file))
                {
                    read.Enqueue(folder);
                    return true;
                }
            }

            (busy, read) = (read, busy);
        }

        return false;
    }

    bool TryBegin(ContainerFolder folder, ContainerFile file)
    {
        try
        {
            reader.Begin(file, folder.Identity);
            return true;
        }
        catch (InvalidDataException e)
        {
            // The kubelet compresses under another name first: what has this one will not change.
            states.NoteDamage(file.State!, e.Message);
            file.IsDone = true;
            return false;
        }
        catch (IOException e)
        {
            // Tried again at the next look.
            file.Trouble = $"{configuration.Path}: a log of {folder.Container} cannot be read: {e.Message}";
            report.ReadFailed(file.Trouble);
            return false;
        }
    }

    void TryLook()
    {
        if (lookedAt is not { } at || time.GetElapsedTime(at) >= interval)
        {
            try
            {
                Look();
            }
            catch (IOException e)
            {
                trouble = e.Message;
                report.ReadFailed(e.Message);
            }
        }
    }

    void Look()
    {
        (lookedAt, trouble) = (time.GetTimestamp(), null);
        if (verdicts.TakeChange())
        {
            foreach (var (name, pod) in pods.ToList())
            {
                Decide(name, pod, verdicts.Of(pod.Name));
            }
        }

        var found = root.List().Select(name => (Name: name, Pod: PodLogNames.ParsePod(name))).Where(one => one.Pod is not null)
            .ToDictionary(one => one.Name, one => one.Pod!.Value);
        missing = found.Count > 0 || Directory.Exists(root.Path) ? null : $"{root.Path} does not exist. Mount the kubelet's folder there.";
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
            if (pod.IsHeld && pod.GoneFor >= LongestHeld)
            {
                report.ReadFailed(
                    $"{root.Path}/{name}: the operator has not sent the labels of this pod, which is gone: rules with labels record "
                        + "nothing of it.");
                Decide(name, pod, verdicts.WithoutLabels(pod.Name));
            }

            if (pod.IsOver)
            {
                pods.Remove(name);
            }
        }

        Forget(found);
        verdicts.Forget(found);
        Pods = new(pods.Count, pods.Values.Count(pod => pod.IsHeld));
        busy = new(pods.Values.Where(pod => !pod.IsHeld).SelectMany(pod => pod.Containers).Where(folder => folder.Next() is not null));
        read.Clear();
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
            trouble = e.Message;
            report.ReadFailed(e.Message);
        }
    }

    // A container's files keep their place: who is asked for again goes on there.
    void Decide(string name, FollowedPod pod, PodVerdict verdict)
    {
        var isDropped = pod.Decide(verdict);
        if (verdict.Rules.Count == 0)
        {
            pod.Dispose();
            pods.Remove(name);
            verdicts.NoteUnasked(name);
        }

        if (isDropped)
        {
            reader.Drop();
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
