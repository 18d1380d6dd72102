namespace ClusterTrail.Testing;

/// <summary>A clock that a test moves. It begins at 2026-01-02T03:04:05Z.</summary>
public sealed class ManualTime : TimeProvider
{
    DateTimeOffset now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => now;

    public override long GetTimestamp() => now.Ticks;

    public void Advance(TimeSpan by) => now += by;
}
