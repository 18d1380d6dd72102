namespace ClusterTrail.Agent.Tests.Telemetry;

/// <summary>A clock that moves only when it is told to.</summary>
sealed class ManualTime : TimeProvider
{
    long ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => ticks;

    public void Advance(TimeSpan by) => ticks += by.Ticks;
}
