using System.Text;

namespace ClusterTrail.Telemetry;

/// <summary>An answer of the telemetry server.</summary>
public sealed record TelemetryPage(int StatusCode, string ContentType, ReadOnlyMemory<byte> Body)
{
    public static TelemetryPage Text(int statusCode, string text) =>
        new(statusCode, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));
}
