using ClusterTrail.Contract.Execs;

namespace ClusterTrail.Operator.Execs;

/// <summary>The agents, as the relay reaches them.</summary>
interface IExecAgents
{
    /// <summary>Those that run now and have a key.</summary>
    IReadOnlyList<ExecAgent> Running();

    /// <summary>Why an API server's events may be in no report; nothing if all API servers' nodes have a running agent.</summary>
    string? ProblemOf(string trail);

    /// <summary>Asks for the exec events after a number; nothing from an agent that reads no API server's log.</summary>
    /// <exception cref="HttpRequestException">It cannot be reached, or its answer cannot be trusted.</exception>
    Task<ExecReport?> AskAsync(ExecAgent agent, long after, CancellationToken cancellationToken);

    /// <summary>Hands over; nothing from an agent that records no processes.</summary>
    /// <exception cref="HttpRequestException">It cannot be reached, refuses, or its answer cannot be trusted.</exception>
    Task<HandoverAnswer?> HandAsync(ExecAgent agent, ExecHandover handover, CancellationToken cancellationToken);
}
