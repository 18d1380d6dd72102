namespace ClusterTrail.Agent.Sources.Processes.Kernel;

/// <summary>A process above another.</summary>
/// <param name="pid">Its number on the node.</param>
/// <param name="started">When it began, in nanoseconds since the machine started; 0 when nobody knows.</param>
/// <param name="command">The first 15 bytes of its name.</param>
readonly ref struct ProcessAncestor(uint pid, ulong started, ReadOnlySpan<byte> command)
{
    public uint Pid => pid;

    public ulong Started => started;

    public ReadOnlySpan<byte> Command { get; } = command;
}
