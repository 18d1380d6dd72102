using System.Text.Json.Nodes;

namespace ClusterTrail.Chart.Tests;

/// <summary>A value of the chart: where it is, what it is by default, and the comment above it.</summary>
sealed record ChartValue(string Path, JsonNode? Default, string Comment)
{
    /// <summary>Its row in the README's table.</summary>
    public string Row => $"| `{Path}` | `{Default?.ToJsonString(Relaxed) ?? "null"}` | {Comment.Replace("|", "\\|", StringComparison.Ordinal)} |";

    static System.Text.Json.JsonSerializerOptions Relaxed { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
