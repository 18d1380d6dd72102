using ClusterTrail.Contract.Status;

namespace ClusterTrail.Operator.Judging;

/// <summary>Whether the sink takes what agents send. Pure.</summary>
static class DeliveringCondition
{
    public const string Type = "Delivering";

    const int MoreThanChance = 3;

    public static Verdict Judge(TrailView view)
    {
        var errors =
            from report in view.Reporting
            from sink in report.Status.Sinks
            where sink.LastError is not null
            orderby sink.LastError!.Since
            select (report.Agent.Node, Error: sink.LastError!);
        if (errors.FirstOrDefault(failing => IsLasting(failing.Error, view.Now)) is { Error: { } error, Node: var node })
            return new(Type, false, TrailConditions.Word(error.Code), $"Since {error.Since:yyyy-MM-ddTHH:mm:ssZ} the sink takes nothing from {node}: {error.Code}: {error.Message}");
        if (view.Reporting.SelectMany(report => report.Status.Sinks).Any(sink => sink.LastDelivery is not null))
            return new(Type, true, "SinkConfirms", "The sink confirms what agents send.");
        // An agent that starts anew has not tried yet; what was known of the sink still holds.
        return view.Same(Type) is { } same && (same.Holds == true || HoldsSomething(view))
            ? same
            : new(Type, null, "NothingSent", "No agent has sent anything since it started.");
    }

    static bool HoldsSomething(TrailView view) => !view.Reporting.Any() || view.Reporting.Any(report => report.Status.Spool.Batches > 0);

    /// <summary>Whether it is more than an attempt that failed and is tried again at once.</summary>
    public static bool IsLasting(LastError error, DateTimeOffset now) => error.Attempts >= MoreThanChance || now - error.Since >= Patience.Attempts;
}
