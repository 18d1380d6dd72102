namespace ClusterTrail.Agent.Sources;

/// <summary>What the live name meant at the last look.</summary>
/// <param name="File">The file that had it, or had it last; null when none is known.</param>
/// <param name="WasMissing">Whether there was no live file.</param>
/// <param name="Ago">How long ago that was.</param>
sealed record JustLive(LedgerFile? File, bool WasMissing, TimeSpan Ago)
{
    public static JustLive Unknown { get; } = new(null, false, TimeSpan.MaxValue);
}
