using ClusterTrail.Contract.Execs;
using ClusterTrail.Kubernetes;

namespace ClusterTrail.Operator.Execs;

/// <summary>The exec events of a Trail, and which agent has which.</summary>
/// <remarks>Guarantee: bounded in number and age; what does not fit is counted, and then nobody says that all was handed over.</remarks>
sealed class TrailExecs
{
    public const int Most = 4096;

    const int MostInOne = 100;
    // A character is six at most in JSON.
    const int MostCharactersInOne = ExecHandover.LargestBody / 8;

    readonly Queue<RelayedExec> located = [];
    readonly LinkedList<ExecEvent> waiting = [];
    readonly HashSet<string> known = [];
    long places;
    DateTimeOffset? droppedOf;
    long dropped;

    public Dictionary<ObjectKey, Giver> Givers { get; } = [];

    public Dictionary<ObjectKey, Taker> Takers { get; } = [];

    public bool HasTakers => Takers.Values.Any(taker => taker.HasPart == true);

    /// <summary>Those whose node is not known yet, the oldest first.</summary>
    public IReadOnlyCollection<ExecEvent> Waiting => waiting;

    /// <summary>How many events are remembered, so that none is taken twice.</summary>
    public int Known => known.Count;

    /// <summary>How many events had to go before they were handed over, since that was last asked.</summary>
    public long TakeDropped() => Interlocked.Exchange(ref dropped, 0);

    /// <summary>Takes a report.</summary>
    public void Add(Giver giver, ExecReport report, DateTimeOffset now)
    {
        foreach (var exec in report.Execs.Where(exec => now - exec.Time <= ExecReport.Longest))
        {
            if (!IsSmall(exec) || !exec.HasPod() || exec.Time - now > ExecEvent.Skew)
                Drop(exec, now);
            else if (known.Add(exec.EventID))
                waiting.AddLast(exec);
        }

        giver.Last = report.Execs.Count > 0 ? report.Execs.Max(exec => exec.Number) : report.Last;
        while (waiting.Count > Most)
        {
            Drop(waiting.First!.Value, now);
            waiting.RemoveFirst();
        }
    }

    /// <summary>Notes where the pod of an event is.</summary>
    /// <param name="pod">Null if it was not found.</param>
    public void Locate(ExecEvent exec, LocatedPod? pod)
    {
        waiting.Remove(exec);
        var whole = exec with { PodUID = pod?.Uid, Container = exec.Container.Length > 0 ? exec.Container : pod?.OnlyContainer ?? "" };
        located.Enqueue(new(++places, whole, pod?.Node));
    }

    /// <summary>Forgets what is old, and agents that are gone.</summary>
    public void Forget(DateTimeOffset now, IReadOnlySet<ObjectKey> running)
    {
        foreach (var gone in Givers.Keys.Concat(Takers.Keys).Where(pod => !running.Contains(pod)).ToList())
        {
            Givers.Remove(gone);
            Takers.Remove(gone);
        }

        while (located.TryPeek(out var first) && (now - first.Exec.Time > ExecReport.Longest || located.Count > Most))
        {
            if (now - first.Exec.Time <= ExecReport.Longest)
                Drop(first.Exec, now);
            known.Remove(first.Exec.EventID);
            located.Dequeue();
        }
    }

    /// <summary>What a taker on a node is to get next: as much as fits into one.</summary>
    public List<RelayedExec> Next(Taker taker, string node)
    {
        var left = MostCharactersInOne;
        List<RelayedExec> all = [.. After(taker.Place, node).Take(MostInOne)];
        return [.. all.TakeWhile(one => (left -= SizeOf(one.Exec)) >= 0 || one == all[0])];
    }

    /// <summary>Up to when a taker has everything once it got these, and why nobody can say.</summary>
    public (DateTimeOffset? Through, string? Reason) Through(Taker taker, string node, List<RelayedExec> given, string? problem)
    {
        var why = problem ?? Givers.Values.Select(giver => giver.Problem).FirstOrDefault(one => one is not null)
            ?? (Givers.Count == 0 ? "No agent beside an API server runs, or none has been asked yet."
                : Givers.Values.Any(giver => giver.Through is null)
                    ? "An agent beside an API server has not read its log to the end." : null);
        if (why is not null)
            return (null, why);
        var through = Givers.Values.Min(giver => giver.Through!.Value);
        var last = given.Count > 0 ? given[^1].Place : taker.Place;
        foreach (var exec in waiting.Concat(After(last, node).Select(one => one.Exec)))
            through = Earlier(through, exec.Time.AddTicks(-1));
        return through <= droppedOf + ExecReport.Longest ? (null, "Exec events were dropped: there were too many, or one is not as an agent writes it.") : (through, null);
    }

    IEnumerable<RelayedExec> After(long place, string node) =>
        located.Where(one => one.Place > place && (one.Node is null || one.Node == node));

    // An agent shortens what is longer.
    static bool IsSmall(ExecEvent exec) =>
        exec.Command.Sum(word => word.Length + 1) <= ExecEvent.LargestCommand * 2
        && ((string?[])[exec.EventID, exec.AuditID, exec.Namespace, exec.Pod, exec.Container, exec.UserIdentity.Type,
            exec.UserIdentity.UserName, exec.UserIdentity.ActingAs]).All(text => text is not { Length: > ExecEvent.LongestText });

    static int SizeOf(ExecEvent exec) => 512 + exec.AuditID.Length + exec.UserIdentity.UserName.Length
        + (exec.UserIdentity.ActingAs?.Length ?? 0) + exec.Command.Sum(word => word.Length + 4);

    static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    void Drop(ExecEvent exec, DateTimeOffset now)
    {
        dropped++;
        known.Remove(exec.EventID);
        var at = Earlier(exec.Time, now);
        droppedOf = droppedOf > at ? droppedOf : at;
    }
}
