using ClusterTrail.Agent.Records;
using ClusterTrail.Contract.Execs;

namespace ClusterTrail.Agent.Execs;

/// <summary>What the operator handed over of exec requests, and what it is asked for.</summary>
/// <remarks>
/// Many threads use it. Guarantees: an older handover changes nothing, and everything is bounded. While an operator hands
/// over, nobody else does: not even who has the Trail's key, as every node has.
/// </remarks>
sealed class HandedExecs(Origin origin, TimeProvider time)
{
    public const int Most = 4096;
    public const int MostPods = 2048;

    // While one operator hands over, another one, or who pretends to be one, does not.
    static readonly TimeSpan OperatorSilence = TimeSpan.FromSeconds(60);

    // How far the clock of a node may be from the operator's.
    static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    static readonly TimeSpan AskedFor = TimeSpan.FromMinutes(1);

    readonly Lock sync = new();
    readonly string instance = Guid.NewGuid().ToString("N");
    readonly Dictionary<string, ExecEvent> execs = [];
    readonly Dictionary<string, PodCommands> pods = [];
    readonly Dictionary<string, (NamedPod Pod, DateTimeOffset At)> asked = [];
    string? operatorKey;
    long sequence;
    DateTimeOffset? handedAt;
    DateTimeOffset? through;
    string? reason;
    long refused;
    volatile bool isWaiting;

    /// <summary>Whether a process waits for what the operator knows.</summary>
    public bool IsWaiting
    {
        get => isWaiting;
        set => isWaiting = value;
    }

    public long Refused => Interlocked.Read(ref refused);

    /// <summary>When something was handed over last, up to when all was, and why not.</summary>
    public (DateTimeOffset? At, DateTimeOffset? Through, string? Reason) State
    {
        get
        {
            lock (sync)
            {
                return (handedAt, through, reason);
            }
        }
    }

    public void NoteRefused() => Interlocked.Increment(ref refused);

    /// <summary>Takes what is handed over.</summary>
    /// <returns>Nothing, and why, if it is for another agent, or not new.</returns>
    public HandoverAnswer? Take(ExecHandover handover, out string problem)
    {
        var now = time.GetUtcNow();
        lock (sync)
        {
            problem = handover.Trail != origin.Trail || handover.Node != origin.NodeName ? "it is for another agent"
                : handover.OperatorKey != operatorKey && now - handedAt < OperatorSilence
                    ? "another operator hands over at present; after a minute without it, this one may"
                : handover.OperatorKey == operatorKey && handover.Sequence <= sequence ? "it is not newer than the last one"
                : now - handover.Time > ExecHandover.Oldest || handover.Time - now > Skew
                    ? $"it is of {handover.Time:O}, which is too far from the clock of this node"
                : "";
            if (problem.Length > 0)
            {
                return null;
            }

            operatorKey = handover.OperatorKey;
            (sequence, handedAt, reason) = (handover.Sequence, now, handover.Reason);
            // Time that passed with all events in it stays so.
            through = handover.Through is null ? null : handover.Through > through ? handover.Through : through ?? handover.Through;
            Add(handover, now);
            return new()
            {
                Trail = origin.Trail,
                Node = origin.NodeName,
                Instance = instance,
                Sequence = handover.Sequence,
                IsWaiting = isWaiting,
                Pods = [.. asked.Values.Select(one => one.Pod).Take(HandoverAnswer.MostPods)],
            };
        }
    }

    /// <summary>The exec requests for a pod.</summary>
    public List<ExecEvent> Of(string space, string pod)
    {
        lock (sync)
        {
            return [.. execs.Values.Where(one => one.Namespace == space && one.Pod == pod)];
        }
    }

    /// <summary>What the kubelet executes in a pod; asks for it, if that is not known.</summary>
    public PodCommands? CommandsOf(NamedPod pod)
    {
        lock (sync)
        {
            if (pods.TryGetValue(pod.PodUID, out var known))
            {
                return known;
            }

            if (asked.Count < MostPods)
            {
                asked.TryAdd(pod.PodUID, (pod, time.GetUtcNow()));
            }

            return null;
        }
    }

    void Add(ExecHandover handover, DateTimeOffset now)
    {
        foreach (var exec in handover.Execs.Where(one => now - one.Time <= ExecReport.Longest))
        {
            // An honest operator hands over none of the future: it would stay for ever.
            if (exec.Time - handover.Time > ExecEvent.Skew)
            {
                NoteRefused();
            }
            else
            {
                execs[exec.EventID] = exec;
            }
        }

        // Nobody can answer for a pod that is gone.
        foreach (var (uid, _) in asked.Where(one => now - one.Value.At > AskedFor).ToList())
        {
            asked.Remove(uid);
        }

        foreach (var pod in handover.Pods)
        {
            // Known only if it was asked for: nobody fills this with pods that are not here.
            if (asked.Remove(pod.PodUID))
            {
                if (pods.Count >= MostPods)
                {
                    // They are asked for again when they are needed.
                    pods.Clear();
                }

                pods[pod.PodUID] = pod;
            }
        }

        foreach (var (id, _) in execs.Where(one => now - one.Value.Time > ExecReport.Longest).ToList())
        {
            execs.Remove(id);
        }

        foreach (var oldest in execs.Values.OrderBy(one => one.Time).Take(execs.Count - Most).ToList())
        {
            execs.Remove(oldest.EventID);
        }
    }
}
