using ClusterTrail.Contract.Execs;

namespace ClusterTrail.Operator.Execs;

/// <summary>An exec event on its way to the node of its pod.</summary>
/// <param name="Place">Its place among those of its Trail.</param>
/// <param name="Node">Null for one whose pod was not found: all nodes get it.</param>
sealed record RelayedExec(long Place, ExecEvent Exec, string? Node);
