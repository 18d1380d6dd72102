using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Judging;

/// <summary>Whether agents see the processes that they should record, and how. Pure.</summary>
/// <remarks>It takes no part in Ready: what cannot be seen keeps nothing else from being recorded.</remarks>
static class ProcessEventsCondition
{
    public const string Type = "ProcessEvents";

    const int MostNodes = 10;

    /// <summary>Whether the source fails because nothing of processes can be seen.</summary>
    public static bool IsBlind(SourceStatus source) => source.Processes is { Method: ProcessMethod.None };

    /// <param name="trail">Of all agents of a Trail.</param>
    public static IEnumerable<Verdict> Evaluate(TrailView trail)
    {
        if (trail.Workloads is { HasProcesses: true, IsUnasked: false } view)
            yield return Judge(trail, view);
    }

    static Verdict Judge(TrailView trail, TrailView view)
    {
        if (view.ProcessesKeptUntil is { } until)
        {
            return new(
                Type, null, "NotAsked",
                $"Nothing asks for processes any more, and none are recorded. Until {until:yyyy-MM-ddTHH:mm:ssZ} agents stay able to record them, "
                    + "so that asking again restarts no agent; then they restart once, without the capabilities for it.");
        }

        var seen =
            (from report in view.Reporting
             from source in report.Status.Sources
             where source.Processes is not null
             select (report.Agent.Node, Processes: source.Processes!)).ToList();
        if (seen.Count == 0)
            return view.IsResponding && trail.Same(Type) is { } same ? same : new(Type, null, "NoAgents", "No agent answers yet.");
        if (seen.Where(one => one.Processes.Method == ProcessMethod.None).ToList() is [_, ..] blind)
            return new(Type, false, "NotRecorded", $"Processes are not recorded on {Nodes(blind)} Everything else is.");
        if (seen.Where(one => one.Processes.Method == ProcessMethod.ProcessConnector).ToList() is [_, ..] limited)
        {
            return new(
                Type, true, "Fallback",
                $"Programs that end at once may be recorded without their arguments, user and file on {Nodes(limited)}");
        }

        return new(Type, true, "KernelProgram", "Agents see each program before its first instruction.");
    }

    // The reason is the same on most nodes, such as an old kernel.
    static string Nodes(List<(string Node, ProcessesStatus Processes)> nodes)
    {
        var names = nodes.Select(one => one.Node).Order(StringComparer.Ordinal).ToList();
        var more = names.Count > MostNodes ? $" and {names.Count - MostNodes} more" : "";
        var first = nodes.MinBy(one => one.Node, StringComparer.Ordinal);
        return $"{string.Join(", ", names.Take(MostNodes))}{more}. On {first.Node}: "
            + Sentence.Of(first.Processes.Reason ?? "the agent gives no reason");
    }
}
