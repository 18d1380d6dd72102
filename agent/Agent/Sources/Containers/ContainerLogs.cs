using ClusterTrail.Contract;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>Follows what containers of the node write, through restarts, rotation, compression and the end of their pods.</summary>
/// <remarks>
/// Guarantees: each line of a log that was seen is given out once, whatever it is called by then; a log of a pod that no rule names is
/// not opened; what goes away unread is a gap; deleted logs and lines in pieces take a bounded part of disk and memory. Caveats: a pod that
/// came and went between two looks, or while no agent ran, is not known; a line in pieces across a rotation is two.
/// </remarks>
sealed class ContainerLogs : ISource
{
    readonly ContainersConfiguration configuration;
    readonly PodVerdicts verdicts;
    readonly Func<string?> problem;
    readonly TimeProvider time;
    readonly TimeSpan interval;
    readonly FollowerReport report;
    readonly ReadStates states;
    readonly ContainerReader reader;
    readonly FollowedPods pods;
    Queue<ContainerFolder> busy = new();
    Queue<ContainerFolder> read = new();
    long? lookedAt;
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
        interval = TimeSpan.FromMilliseconds(configuration.PollIntervalMilliseconds);
        states = new(
            state ?? SourceProgress.Empty, new(configuration.MaxPartialBytes, configuration.MaxLineBytes), report.GapFound, time);
        reader = new(configuration.MaxLineBytes);
        pods = new(new(configuration.Path, configuration.DockerPath), configuration, verdicts, states, reader, report, time);
    }

    /// <summary>How many pods are followed, and of how many nobody has said yet whether they are to be; for other threads.</summary>
    public FollowedCount Pods { get; private set; } = new(0, 0);

    public SourceView View => new(pods.Missing, trouble ?? pods.Trouble, Notice, last, Lag);

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

    public void Dispose() => pods.Dispose();

    string? Notice => problem()
        ?? (verdicts.HasNoRules ? "No rule: nothing is recorded." : null)
        ?? pods.Folders.Select(folder => folder.Trouble).OfType<string>().FirstOrDefault();

    long Lag => pods.Folders.Where(folder => folder.IsAsked).SelectMany(folder => folder.Files).Sum(LagOf);

    static long LagOf(ContainerFile file) =>
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
        pods.Look();
        Pods = pods.Count;
        busy = new(pods.Ready);
        read.Clear();
    }
}
