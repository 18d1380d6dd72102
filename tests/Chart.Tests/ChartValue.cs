using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterTrail.Chart.Tests;

/// <summary>A value of the chart: where it is, what it is by default, and the comment above it.</summary>
sealed record ChartValue(string Path, JsonNode? Default, string Comment)
{
    /// <summary>Its row in the README's table.</summary>
    public string Row =>
        $"| `{Path}` | `{Default?.ToJsonString(Relaxed) ?? "null"}` | {Comment.Replace("|", "\\|", StringComparison.Ordinal)} |";

    static JsonSerializerOptions Relaxed { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
