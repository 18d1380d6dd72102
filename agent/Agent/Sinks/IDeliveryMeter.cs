using ClusterTrail.Agent.Spool;

namespace ClusterTrail.Agent.Sinks;

/// <summary>Counts what becomes of spooled batches.</summary>
interface IDeliveryMeter
{
    void Delivered(SpoolHeader batch, long bytes, TimeSpan duration);

    /// <param name="duration">How long the attempt took.</param>
    /// <param name="code">What <see cref="SinkException.Code"/> says.</param>
    void Failed(TimeSpan duration, string code);

    /// <summary>A batch was damaged and set aside.</summary>
    void Quarantined(string source);
}
