using ClusterTrail.Contract.Execs;

namespace ClusterTrail.Agent.Execs;

/// <summary>The exec requests that can have started a process.</summary>
/// <param name="Named">Those that can; several when nobody can say which.</param>
/// <param name="Taken">Without those: the ones that would have, but already started as many processes as they could.</param>
sealed record ExecMatch(IReadOnlyList<ExecEvent> Named, IReadOnlyList<ExecEvent> Taken);
