using System.Reflection;

namespace ClusterTrail.Telemetry;

/// <summary>Which build of the agent this is.</summary>
public sealed record BuildInfo(string Version, string Revision)
{
    public static BuildInfo Current { get; } = Parse(
        typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0");

    /// <summary>Reads the informational version that the SDK writes: <c>0.1.0+revision</c>.</summary>
    public static BuildInfo Parse(string informational)
    {
        var parts = informational.Split('+', 2);
        return new(parts[0], parts.Length > 1 ? parts[1] : "unknown");
    }
}
