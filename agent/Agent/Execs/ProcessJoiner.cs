using ClusterTrail.Contract.Execs;

namespace ClusterTrail.Agent.Execs;

/// <summary>Decides what started a process that entered a container, and when that is known.</summary>
/// <remarks>
/// Guarantees: a process waits for a bounded time; it has one person's name only when every API event up to its start is known; and none
/// is called unexplained before what the kubelet executes in its pod is known. One thread runs it.
/// </remarks>
/// <param name="isExpected">Whether there is an operator that hands over.</param>
sealed class ProcessJoiner(HandedExecs handed, bool isExpected, TimeProvider time)
{
    /// <summary>How long after its start a process waits to be explained.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>How long after the agent's start: the operator has to find it first.</summary>
    public static readonly TimeSpan AtStart = TimeSpan.FromSeconds(20);

    const string NotComplete = "Not all API events of that time were handed over.";

    // How long the operator may be silent.
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    readonly DateTimeOffset startedAt = time.GetUtcNow();
    readonly ExecMatcher matcher = new();

    public JoinCounts Counts { get; } = new();

    public bool IsExpected => isExpected;

    /// <summary>Why processes cannot be joined now; nothing while they can.</summary>
    public string? Problem
    {
        get
        {
            var state = handed.State;
            return !isExpected ? "The agent has no key of an operator, which hands over API events."
                : state.At is not { } at ? "The operator has not handed over anything since the agent started."
                : time.GetUtcNow() - at > Silence ? "The operator has not handed over anything for a minute."
                : state.Through is null ? $"The operator does not have all API events. {state.Reason}".TrimEnd()
                : null;
        }
    }

    /// <summary>Whether it is too early to say what started a process.</summary>
    public bool MustWait(EnteredProcess process)
    {
        var now = time.GetUtcNow();
        // Of a process of long ago the operator has forgotten the request.
        return isExpected && process.IsInControlGroup && process.Pod is not null
            && now - process.Time < ExecReport.Longest
            && (now < process.Time + Longest || now < startedAt + AtStart)
            && !IsKubelets(process)
            && !(IsComplete(process) && AreCommandsKnown(process));
    }

    /// <summary>Decides, with what is known now.</summary>
    public ProcessOrigin Decide(EnteredProcess process)
    {
        var origin = Judge(process);
        Counts.Note(origin);
        return origin;
    }

    ProcessOrigin Judge(EnteredProcess process)
    {
        if (!process.IsInControlGroup)
        {
            return new(StartedBy.Unexplained, null, [], []);
        }

        if (process.Namespace is null || process.Pod is null)
        {
            return NotEvaluable("The pod of the container is not known.");
        }

        var match = matcher.Match(process, handed.Of(process.Namespace, process.Pod));
        if (match.Named.Count > 0)
        {
            // Another request for the same command may not be known yet.
            return new(StartedBy.ApiRequest, IsComplete(process) ? null : NotComplete, match.Named, []);
        }

        return IsKubelets(process) ? new(StartedBy.PodSpec, null, [], [])
            : !IsComplete(process) ? NotEvaluable(Problem ?? NotComplete)
            : !AreCommandsKnown(process) ? NotEvaluable("What the kubelet executes in the pod was not handed over in time.")
            : new(StartedBy.Unexplained, null, [], match.Taken);
    }

    static ProcessOrigin NotEvaluable(string reason) => new(StartedBy.NotEvaluable, reason, [], []);

    bool IsComplete(EnteredProcess process) => handed.State.Through is { } through && through >= process.Time + ExecMatcher.Skew;

    bool AreCommandsKnown(EnteredProcess process) => CommandsOf(process) is not null;

    bool IsKubelets(EnteredProcess process) => CommandsOf(process)?.Commands.Any(command => process.IsOf(command)) == true;

    PodCommands? CommandsOf(EnteredProcess process) => process is { Namespace: { } space, Pod: { } pod, PodUid: { } uid }
        ? handed.CommandsOf(new() { Namespace = space, Pod = pod, PodUID = uid })
        : null;
}
