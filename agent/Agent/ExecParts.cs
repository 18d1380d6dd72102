using ClusterTrail.Agent.Execs;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent;

/// <summary>What joins processes with the API events that started them: on both sides, as far as the agent has them.</summary>
sealed class ExecParts
{
    // The view of a pipeline is a second old at most.
    static readonly TimeSpan ViewAge = TimeSpan.FromSeconds(2);

    readonly Dictionary<string, ProcessJoin> joins = [];
    readonly HandedExecs? handed;
    readonly StatusKey key;
    readonly TimeProvider time;

    public ExecParts(AgentConfiguration configuration, Origin origin, StateFolder state, StatusKey key, TimeProvider time)
    {
        (this.key, this.time) = (key, time);
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
    DateTimeOffset? Through(IReadOnlyList<SourceRunner> sources)
    {
        var now = time.GetUtcNow();
        var all = sources.Where(source => source.IsApiLog).Select(source => Through(source.View, now)).ToList();
        return all.Contains(null) ? null : all.Min();
    }

    static DateTimeOffset? Through(PipelineView view, DateTimeOffset now) =>
        view.State is not (SourceState.Reading or SourceState.Idle) ? null
        : view.Source.LagBytes == 0 ? now - ViewAge
        : view.Totals.LastEventAt is { } last ? (last < now - ViewAge ? last : now - ViewAge)
        : null;
}
