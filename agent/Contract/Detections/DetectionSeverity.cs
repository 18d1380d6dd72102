using System.Text.Json.Serialization;

namespace ClusterTrail.Contract.Detections;

/// <summary>How severe it is: high and critical are reported as Events of the Trail, and alerts page by it.</summary>
public enum DetectionSeverity
{
    /// <summary>Worth keeping, worth no alert.</summary>
    [JsonStringEnumMemberName("info")]
    Info,

    [JsonStringEnumMemberName("low")]
    Low,

    [JsonStringEnumMemberName("medium")]
    Medium,

    [JsonStringEnumMemberName("high")]
    High,

    [JsonStringEnumMemberName("critical")]
    Critical,
}

public static class DetectionSeverities
{
    /// <summary>The severity as it is written everywhere.</summary>
    public static string Word(this DetectionSeverity severity) => severity switch
    {
        DetectionSeverity.Critical => "critical",
        DetectionSeverity.High => "high",
        DetectionSeverity.Medium => "medium",
        DetectionSeverity.Low => "low",
        _ => "info",
    };
}
