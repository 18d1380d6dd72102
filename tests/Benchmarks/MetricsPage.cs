using System.Globalization;

namespace ClusterTrail.Benchmarks;

/// <summary>An agent's /metrics, read as Prometheus reads it.</summary>
sealed class MetricsPage(Uri agent) : IDisposable
{
    readonly HttpClient http = new() { BaseAddress = agent };

    /// <summary>The first series of this name; 0 when there is none.</summary>
    public async Task<double> ValueAsync(string name)
    {
        var page = await http.GetStringAsync(new Uri("metrics", UriKind.Relative));
        var line = page.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal) && line[name.Length] is '{' or ' ');
        return line is null ? 0 : double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture);
    }

    public void Dispose() => http.Dispose();
}
