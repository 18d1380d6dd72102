using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Operator.Judging;

/// <summary>Whether the sink takes what agents send. Pure.</summary>
static class DeliveringCondition
{
    public const string Type = "Delivering";

    const int MoreThanChance = 3;

    public static Verdict Judge(TrailView view)
    {
        var failing =
            (from report in view.Reporting
             from sink in report.Status.Sinks
             where sink.LastError is { } error && IsLasting(error, view.Now)
             orderby sink.LastError!.Since, report.Agent.Node
             select (report.Agent.Node, Error: sink.LastError!)).ToList();
        if (failing.Count > 0)
        {
            IReadOnlyList<string> nodes = [.. failing.Select(one => one.Node).Distinct().Order(StringComparer.Ordinal)];
            return new(Type, false, TrailConditions.Word(failing[0].Error.Code), $"{Describe(nodes, failing[0].Error)} {Risk(view)}");
        }

        if (view.Reporting.SelectMany(report => report.Status.Sinks).Any(sink => sink.LastDelivery is not null))
            return new(Type, true, "SinkConfirms", "The sink confirms the agents' batches.");
        // An agent that has just restarted has not sent anything yet; what was known of the sink still holds.
        if (view.Same(Type) is { } same && (same.Holds == true ? view.IsResponding : HoldsSomething(view)))
            return same;
        // Containers may write nothing that is asked for, for days, and a batch with little in it stays open.
        if (view.Role == AgentRole.Workloads && view.Reporting.Any() && !HoldsSomething(view))
            return new(Type, true, "NothingToSend", "No agent has had a batch to send yet.");
        return view.Reporting.Any()
            ? new(Type, null, "NothingSent", "No agent has sent a batch since it started.")
            : new(Type, null, "NoAgents", "No agent answers that could have sent a batch.");
    }

    // The agent's message names the code where it says something; an older agent's may not.
    static string Describe(IReadOnlyList<string> nodes, LastError error)
    {
        var message = error.Message.Contains(error.Code, StringComparison.Ordinal) ? error.Message : $"{error.Code}: {error.Message}";
        var whose = nodes.Count == 1 ? $"{nodes[0]} has" : $"{string.Join(", ", nodes)} have";
        return $"{whose} delivered nothing since {error.Since:yyyy-MM-ddTHH:mm:ssZ}: {Sentence.Of(message)}";
    }

    // In steps of ten, as each other message is written and read.
    static string Risk(TrailView view)
    {
        var full = view.Reporting.Select(report => report.Status.Spool)
            .Max(spool => spool.LimitBytes <= 0 ? 1 : (double)spool.Bytes / spool.LimitBytes);
        return full >= 1
            ? "The spool is full and the agents stopped reading: events that log rotation deletes now are lost."
            : $"No events are lost: they wait in the spool, which is less than {Math.Max(1, Math.Ceiling(full * 10)) * 10:0} % full.";
    }

    static bool HoldsSomething(TrailView view) => !view.Reporting.Any() || view.Reporting.Any(report => report.Status.Spool.Batches > 0);

    /// <summary>Whether it is more than one failed attempt, which is retried immediately.</summary>
    public static bool IsLasting(LastError error, DateTimeOffset now) =>
        error.Attempts >= MoreThanChance || now - error.Since >= GracePeriods.Attempts;
}
