namespace ClusterTrail.Agent.Telemetry;

/// <summary>How full the spool is.</summary>
/// <param name="Bytes">What waits for the sink.</param>
/// <param name="LimitBytes">At how many bytes reading stops.</param>
/// <param name="Batches">How many sealed batches wait.</param>
/// <param name="OldestAgeSeconds">How long the oldest of them has waited; 0 when there is none.</param>
readonly record struct SpoolLevel(long Bytes, long LimitBytes, int Batches, double OldestAgeSeconds);
