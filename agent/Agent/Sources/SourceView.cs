using ClusterTrail.Rules.Events;
namespace ClusterTrail.Agent.Sources;

/// <summary>Where a source stands.</summary>
/// <param name="Missing">What is missing and what to do, while there is no live file. A deleted one may still be open, and is read
/// on.</param>
/// <param name="Trouble">Which file cannot be read; others are read all the same.</param>
/// <param name="Notice">Which files beside the log are left unread, and why.</param>
/// <param name="At">The place read last.</param>
/// <param name="LagBytes">How many bytes are known to wait.</param>
sealed record SourceView(string? Missing, string? Trouble, string? Notice, Position? At, long LagBytes);
