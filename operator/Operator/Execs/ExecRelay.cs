using System.Diagnostics.Metrics;
using ClusterTrail.Contract.Execs;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Manifests;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Execs;

/// <summary>Brings exec events from the agents beside API servers to the agents on the nodes of their pods.</summary>
/// <remarks>
/// Guarantees: an agent that does not answer keeps no other waiting for long; requests to the API server have a pace; a node is told that
/// it has all events up to a time only if every agent beside an API server said so. One task runs it.
/// </remarks>
sealed partial class ExecRelay
{
    const int AtOnce = 32;

    /// <summary>How often agents beside API servers are asked, while any agent records processes.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>How often an agent that records processes hears of the operator.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    // While a process waits to be explained.
    static readonly TimeSpan WhileWaiting = TimeSpan.FromSeconds(2);

    static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    static readonly TimeSpan AfterFailures = TimeSpan.FromMinutes(1);

    // An agent's configuration may be another one after a restart.
    static readonly TimeSpan WithoutPart = TimeSpan.FromMinutes(2);

    readonly IExecAgents agents;
    readonly ExecLocator locator;
    readonly TimeProvider time;
    readonly ILogger<ExecRelay> logger;
    readonly Dictionary<string, TrailExecs> trails = [];
    readonly ExecMetrics metrics;
    readonly Lock sync = new();
    long sequence;
    long dropped;

    public ExecRelay(IExecAgents agents, ICluster cluster, Meter meter, TimeProvider time, ILogger<ExecRelay> logger)
    {
        (this.agents, this.time, this.logger) = (agents, time, logger);
        var pods = new PodLookup(cluster, time);
        metrics = new(meter, () => dropped, () => pods.Requests);
        locator = new(pods, metrics, AfterFailure, time, logger);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
            await TryTurnAsync(cancellationToken);
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    // What one agent sent must not stop the operator.
    async Task TryTurnAsync(CancellationToken cancellationToken)
    {
        try
        {
            await TurnAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            metrics.Failed("Turn");
            LogTurnFailed(e);
        }
    }

    /// <summary>Asks, locates, hands over.</summary>
    public async Task TurnAsync(CancellationToken cancellationToken)
    {
        var running = agents.Running().ToLookup(agent => agent.Trail);
        foreach (var gone in trails.Keys.Where(trail => !running.Contains(trail)).ToList())
            trails.Remove(gone);
        foreach (var trail in running)
        {
            if (!trails.TryGetValue(trail.Key, out var execs))
                trails[trail.Key] = execs = new();
            execs.Forget(time.GetUtcNow(), trail.Select(agent => agent.Pod).ToHashSet());
            if (execs.HasTakers)
            {
                await EachAsync(trail, AgentRole.ApiServer, agent => AskAsync(execs, agent, cancellationToken), cancellationToken);
                await locator.LocateAsync(execs, cancellationToken);
                await locator.AnswerAsync(execs, cancellationToken);
            }

            await EachAsync(trail, AgentRole.Workloads, agent => HandAsync(execs, agent, cancellationToken), cancellationToken);
            dropped += execs.TakeDropped();
        }
    }

    static Task EachAsync(
        IEnumerable<ExecAgent> all, AgentRole role, Func<ExecAgent, Task> act, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            all.Where(agent => agent.Role == role), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (agent, _) => await act(agent));

    async Task AskAsync(TrailExecs execs, ExecAgent agent, CancellationToken cancellationToken)
    {
        var giver = Known(execs.Givers, agent.Pod);
        var now = time.GetUtcNow();
        if (now < giver.AskAt)
            return;
        try
        {
            var report = await agents.AskAsync(agent, giver.Last, cancellationToken);
            if (report is not null && report.Instance != giver.Instance)
            {
                // Its numbers began anew.
                (giver.Instance, giver.Last) = (report.Instance, 0);
                report = report.Last > 0 ? await agents.AskAsync(agent, 0, cancellationToken) : report;
            }

            Note(execs, agent, giver, report, now);
            giver.Failure = "";
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            (giver.Problem, giver.Through, giver.AskAt) = ($"The agent on node {agent.Node} does not answer.", null, now + AfterFailure);
            metrics.Failed("Ask");
            giver.Failure = LogIfNew(agent, giver.Failure, e.Message);
        }
    }

    void Note(TrailExecs execs, ExecAgent agent, Giver giver, ExecReport? report, DateTimeOffset now)
    {
        lock (sync)
        {
            if (report is null)
            {
                // Of a release before this, or without a source: nobody knows the execs of its API server.
                (giver.Problem, giver.Through, giver.AskAt) = (
                    $"The agent on node {agent.Node} reports no execs: it reads no API server's log, or is of an older release.", null,
                    now + WithoutPart);
                return;
            }

            giver.Problem = null;
            metrics.Received(report.Execs.Count);
            execs.Add(giver, report, now);
            // What is not in the report yet comes with the next one.
            giver.Through = giver.Last < report.Last ? null : report.Through;
            if (report.Dropped > giver.Dropped)
                giver.Through = null;
            giver.Dropped = report.Dropped;
        }
    }

    async Task HandAsync(TrailExecs execs, ExecAgent agent, CancellationToken cancellationToken)
    {
        var taker = Known(execs.Takers, agent.Pod);
        var now = time.GetUtcNow();
        List<RelayedExec> next = taker.HasPart == false ? [] : execs.Next(taker, agent.Node);
        if (now < taker.NotBefore || (now < taker.DueAt && (taker.HasPart != true || (next.Count == 0 && taker.Answers.Count == 0))))
            return;
        try
        {
            List<PodCommands> answers = [.. taker.Answers.Take(HandoverAnswer.MostPods / 8)];
            var answer = await agents.HandAsync(agent, Handover(execs, agent, taker, next, answers), cancellationToken);
            (taker.Failure, taker.Failures) = ("", 0);
            taker.HasPart = answer is not null;
            taker.DueAt = now + (answer is null ? WithoutPart : answer.IsWaiting ? WhileWaiting : Heartbeat);
            if (answer is not null)
                Note(taker, answer, next, answers);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // A turn waits for all; many that cannot be reached must not make it slow again and again.
            taker.NotBefore = now + Shorter(AfterFailure * Math.Pow(2, Math.Min(taker.Failures++, 10)), AfterFailures);
            metrics.Failed("HandOver");
            taker.Failure = LogIfNew(agent, taker.Failure, e.Message);
        }
    }

    ExecHandover Handover(TrailExecs execs, ExecAgent agent, Taker taker, List<RelayedExec> next, List<PodCommands> answers)
    {
        var (through, reason) = execs.Through(taker, agent.Node, next, agents.ProblemOf(agent.Trail));
        return new()
        {
            Trail = agent.Trail,
            Node = agent.Node,
            Sequence = NextSequence(),
            Time = time.GetUtcNow(),
            Through = through,
            Reason = reason,
            OperatorKey = "",
            Execs = [.. next.Select(one => one.Exec)],
            Pods = answers,
        };
    }

    void Note(Taker taker, HandoverAnswer answer, List<RelayedExec> given, List<PodCommands> answers)
    {
        metrics.HandedOver(given.Count);
        taker.Place = given.Count > 0 ? given[^1].Place : taker.Place;
        taker.Answers.RemoveAll(answers.Contains);
        taker.Asked = [.. answer.Pods.Where(pod => taker.Answers.TrueForAll(one => one.PodUID != pod.PodUID))];
        if (taker.Instance is not null && taker.Instance != answer.Instance)
        {
            // It was started anew and knows nothing.
            taker.Place = 0;
        }

        taker.Instance = answer.Instance;
    }

    // Greater than those of the operator before this one.
    long NextSequence()
    {
        lock (sync)
        {
            return sequence = Math.Max(sequence + 1, time.GetUtcNow().UtcTicks);
        }
    }

    T Known<T>(Dictionary<ObjectKey, T> all, ObjectKey pod) where T : new()
    {
        lock (sync)
        {
            return all.TryGetValue(pod, out var one) ? one : all[pod] = new();
        }
    }

    static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    // It may name a time or a number, which is another one each time.
    string LogIfNew(ExecAgent agent, string before, string reason)
    {
        var failure = string.Concat(reason.Where(letter => !char.IsAsciiDigit(letter)));
        if (failure != before)
            LogFailed(agent.Trail, agent.Node, reason);
        return failure;
    }

    [LoggerMessage(LogLevel.Warning, "Trail {Trail}: execs and the agent on node {Node}, retrying: {Reason}")]
    partial void LogFailed(string trail, string node, string reason);

    [LoggerMessage(LogLevel.Error, "An internal error of the relay of execs, which tries again.")]
    partial void LogTurnFailed(Exception e);
}
