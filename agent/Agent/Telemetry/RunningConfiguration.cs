namespace ClusterTrail.Agent.Telemetry;

/// <summary>The hashes of what the agent runs with, to be compared with what it should run with.</summary>
readonly record struct RunningConfiguration(string ConfigHash, string SelectorsHash);
