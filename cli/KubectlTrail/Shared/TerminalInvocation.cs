using System.CommandLine;

namespace ClusterTrail.Kubectl.Shared;

/// <summary>What one command line is invoked with. The commands know no terminal, so that they are built once in a process.</summary>
sealed class TerminalInvocation : InvocationConfiguration
{
    internal required Terminal Terminal { get; init; }
}
