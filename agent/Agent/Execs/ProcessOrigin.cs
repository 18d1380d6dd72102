using ClusterTrail.Contract.Execs;

namespace ClusterTrail.Agent.Execs;

/// <summary>What started a process that entered a container, and so its children.</summary>
/// <param name="Reason">Of NotEvaluable: why.</param>
/// <param name="Events">The API events that can have started it; several when nobody can say which.</param>
/// <param name="Taken">Of Unexplained: API events that fit, but each started another process already.</param>
sealed record ProcessOrigin(
    StartedBy StartedBy, string? Reason, IReadOnlyList<ExecEvent> Events, IReadOnlyList<ExecEvent> Taken);
