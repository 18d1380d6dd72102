namespace ClusterTrail.Agent.Sources.Processes.Connector;

/// <summary>A process as the table remembers it.</summary>
/// <param name="Parent">0 when unknown.</param>
/// <param name="Command">The first 15 bytes of its name.</param>
/// <param name="Cgroup">The path of its control group; null when unknown.</param>
sealed record KnownProcess(uint Parent, byte[] Command, byte[]? Cgroup);
