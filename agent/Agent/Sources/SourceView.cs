using ClusterTrail.Rules.Events;
namespace ClusterTrail.Agent.Sources;

/// <summary>Where a source stands.</summary>
/// <param name="Exists">Whether there is a live file. One that was deleted may still be open, and is read on.</param>
/// <param name="At">The place read last.</param>
/// <param name="LagBytes">How many bytes are known to wait.</param>
sealed record SourceView(bool Exists, Position? At, long LagBytes);
