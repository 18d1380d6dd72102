using ClusterTrail.Agent.Execs;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent;

/// <summary>What joins processes with the API events that started them: on both sides, as far as the agent has them.</summary>
sealed class ExecParts
{
    // An API server may have had an event ready, and not written it yet.
    static readonly TimeSpan Writing = TimeSpan.FromSeconds(1);

    readonly Dictionary<string, ProcessJoin> joins = [];
    readonly HandedExecs? handed;
    readonly StatusKey key;

    public ExecParts(AgentConfiguration configuration, Origin origin, StateFolder state, StatusKey key, TimeProvider time)
    {
        this.key = key;
        Log = key.Exists && configuration.Sources.Any(source => source.LogFile is not null) ? new(origin, time) : null;
        foreach (var source in configuration.Sources.Where(source => source.Processes is not null))
        {
            handed ??= new(origin, time);
            var joiner = new ProcessJoiner(handed, key.Exists, time);
            var joined = new JoinedProcesses(joiner, Path.Combine(state.JournalPath(source.Name), "joined"), state.EnsureHeld);
            joined.Load();
            joins[source.Name] = new(handed, joiner, joined);
        }
    }

    /// <summary>What the API server's log says of execs; nothing when nobody asks.</summary>
    public ExecLog? Log { get; }

    /// <param name="source">A source of processes.</param>
    public ProcessJoin Join(string source) => joins[source];

    public ExecExchange Exchange(IReadOnlyList<SourceRunner> sources) => new(Log, handed, key, () => Through(sources));

    // All API servers' logs together: what one is behind, all are.
    static DateTimeOffset? Through(IReadOnlyList<SourceRunner> sources)
    {
        var all = sources.Where(source => source.IsApiLog).Select(source => Through(source.View)).ToList();
        return all.Contains(null) ? null : all.Min();
    }

    static DateTimeOffset? Through(PipelineView view) =>
        view.State is not (SourceState.Reading or SourceState.Idle) ? null
        : view.Source.LagBytes == 0 || view.Totals.LastEventAt > view.At ? view.At - Writing
        : view.Totals.LastEventAt - Writing;
}
