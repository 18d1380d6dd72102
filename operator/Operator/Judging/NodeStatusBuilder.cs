using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Operator.Judging;

/// <summary>Makes of what is known of a node what a Trail's status says of it. Pure.</summary>
static class NodeStatusBuilder
{
    // Each digest waits for a moment, which is no reason to write a status.
    static readonly TimeSpan ShownAfter = TimeSpan.FromMinutes(2);

    public static TrailNode Build(NodeView node, TrailView view)
    {
        var (state, reason, message) = Describe(node, view);
        var counted = node.Agent?.Status is { } status
            ? AgentCounters.Of(status)
            : node.Before is { StartedAt: not null }
            ? AgentCounters.Of(node.Before)
            : null;
        return new()
        {
            Name = node.Name,
            Pod = node.Agent?.Pod.Metadata.Name,
            State = state,
            Reason = reason,
            Message = message,
            LastSeen = node.Agent?.Status is null ? node.Before?.LastSeen : TrailStatusBuilder.Whole(node.Agent.Report!.At),
            MissingSince = CoveredCondition.MissingSince(node, view) is { } since ? TrailStatusBuilder.Whole(since) : null,
            StartedAt = TrailStatusBuilder.Whole(node.Agent?.Status?.Agent.StartedAt) ?? node.Before?.StartedAt,
            ReadEvents = counted?.ReadEvents,
            SelectedEvents = counted?.SelectedEvents,
            AggregatedEvents = Counted(counted?.AggregatedEvents),
            DeliveredEvents = counted?.DeliveredEvents,
            DeliveredBatches = counted?.DeliveredBatches,
            Gaps = counted?.Gaps,
            SpoolBatches = node.Agent?.Status?.Spool.Batches ?? node.Before?.SpoolBatches,
            Head = HeadOf(node, view),
            Sealed = SealedOf(node, view),
            Lines = Counted(counted?.Lines),
            Processes = Counted(counted?.Processes),
            Lost = Counted(counted?.Lost),
            Findings = counted is { AllFindings: > 0 } ? counted.Findings : null,
        };
    }

    /// <summary>What a status says of a node.</summary>
    /// <remarks>
    /// A status without room for all nodes, or of an operator that did not report nodes, does not say where agents ran: they may have run
    /// here, and hold something.
    /// </remarks>
    public static TrailNode? Before(string name, TrailStatus? status) => Before(status, AgentRole.ApiServer)(name);

    /// <summary>The same of many nodes of a role.</summary>
    public static Func<string, TrailNode?> Before(TrailStatus? status, AgentRole role)
    {
        var nodes = role == AgentRole.Workloads ? status?.Workloads?.Agents : status?.Nodes;
        var isStarted = role == AgentRole.ApiServer ? status is not null : status?.Workloads is not null;
        var isCut = isStarted && nodes is null or { Count: TrailStatusBuilder.MostNodes };
        var seen = isCut ? status?.LastDeliveryTime ?? status?.LastEventTime : null;
        var known = (nodes ?? []).DistinctBy(node => node.Name).ToDictionary(node => node.Name);
        return name => known.GetValueOrDefault(name) ?? (seen is { } at ? new() { Name = name, LastSeen = at } : null);
    }

    /// <summary>What the node's agent has counted since it was last looked at.</summary>
    public static AgentCounters News(NodeView node)
    {
        // What an agent counted before is unknown if the status no longer has it.
        if (node.Agent?.Status is not { } status || node.Before is { StartedAt: null, LastSeen: not null })
            return new();
        var isSameProcess = node.Before?.StartedAt == TrailStatusBuilder.Whole(status.Agent.StartedAt);
        return isSameProcess ? AgentCounters.Of(status).Since(AgentCounters.Of(node.Before!)) : AgentCounters.Of(status);
    }

    static TrailHead? HeadOf(NodeView node, TrailView view) =>
        view.Chains?.Of(node.Name, view.Role.Chain()) is not { } chain ? node.Before?.Head
            : chain.Head is not { Sha256: { } sha256, Until: { } until } head ? null
            : new()
            {
                Chain = chain.Chain,
                ChainId = chain.ChainId,
                Sequence = head.Sequence,
                Sha256 = sha256,
                Until = TrailStatusBuilder.Whole(until),
                NextBy = TrailStatusBuilder.Whole(chain.NextBy),
            };

    static TrailSealed? SealedOf(NodeView node, TrailView view) =>
        view.Chains?.Of(node.Name, view.Role.Chain()) is { WaitingSince: { } since, Sha256: { } sha256, Until: { } until } chain
            && view.Now - since >= ShownAfter
            ? new()
            {
                Chain = chain.Chain,
                ChainId = chain.ChainId,
                Sequence = chain.Sequence,
                Sha256 = sha256,
                Until = TrailStatusBuilder.Whole(until),
                WaitingSince = TrailStatusBuilder.Whole(since),
            }
            : null;

    /// <summary>A count that most have none of.</summary>
    public static long? Counted(long? count) => count is > 0 ? count : null;

    static (string State, string? Reason, string? Message) Describe(NodeView node, TrailView view)
    {
        if (node.Agent is not { } agent)
            return CoveredCondition.Why(node, view) is { } why ? ("Missing", why.Reason, why.Message) : ("Missing", null, null);
        var trouble = node.IsReady ? PodTrouble.Of(agent, view.Now) : new("NodeNotReady", "The node is not ready.");
        if (agent.Status is { } status)
        {
            var source = status.Sources.MaxBy(source => source.State is SourceState.Idle or SourceState.Reading ? 0 : 1);
            return (source?.State.ToString() ?? "Idle", trouble?.Reason, source?.Message ?? trouble?.Message);
        }

        if (agent.Report is { IsRefused: true, Error: { } refused })
            return ("Unreachable", AgentReport.Refused, refused);
        if (trouble is not null)
            return ("Unreachable", trouble.Reason, trouble.Message);
        return node.IsResponding(view.Now) || agent.IsTerminating ? ("Restarting", null, null)
            : agent.Report is null ? ("Starting", null, null)
            : ("Unreachable", null, agent.Report.Error);
    }
}
