namespace ClusterTrail.Agent.Sources.Processes.Kernel;

/// <summary>A map that a program shares with the agent, as the object describes it.</summary>
/// <param name="Type">The kernel's number of the kind.</param>
/// <param name="Entries">How many; of a ring its length in bytes.</param>
readonly record struct BpfMap(string Name, uint Type, uint KeySize, uint ValueSize, uint Entries);
