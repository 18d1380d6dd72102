namespace ClusterTrail.Testing;

/// <summary>A clock that moves when the test says so.</summary>
public sealed class ManualTime : TimeProvider
{
    DateTimeOffset now = new(2026, 11, 22, 5, 36, 0, TimeSpan.Zero);
    TimeSpan set;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => now + set;

    public override long GetTimestamp() => now.UtcTicks;

    public void Advance(TimeSpan by) => now += by;

    /// <summary>Somebody sets the clock, and no time passes.</summary>
    public void Set(TimeSpan by) => set += by;
}
