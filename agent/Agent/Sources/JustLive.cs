namespace ClusterTrail.Agent.Sources;

/// <summary>What the live name meant a moment ago.</summary>
/// <param name="File">The file that had it, or had it last; null when none is known.</param>
/// <param name="WasMissing">Whether there was no live file.</param>
sealed record JustLive(LedgerFile? File, bool WasMissing);
